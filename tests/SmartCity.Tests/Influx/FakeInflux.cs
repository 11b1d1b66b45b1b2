using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmartCity.Tests.Influx;

/// <summary>A request as it came.</summary>
internal sealed record FakeRequest(HttpContext Context, string Path, string Query, string Authorization, string Body)
{
    /// <summary>The lines of a write.</summary>
    public string[] Lines => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Answers; a body that is empty is left out.</summary>
    public async Task AnswerAsync(int status, string body = "", params (string Name, string Value)[] headers)
    {
        Context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            Context.Response.Headers[name] = value;
        }
        if (body.Length > 0)
        {
            await Context.Response.WriteAsync(body);
        }
    }
}

/// <summary>An HTTP server in this process that answers as it is told, such as what a version of InfluxDB is documented to
/// answer.</summary>
internal sealed class FakeInflux : IAsyncDisposable
{
    private readonly WebApplication app;

    private FakeInflux(WebApplication app) => this.app = app;

    /// <summary>Where it listens.</summary>
    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>All requests so far.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    /// <summary>What it answers.</summary>
    public Func<FakeRequest, Task> Answer { get; set; } = request => request.AnswerAsync(204);

    /// <summary>Starts one on a free port of 127.0.0.1.</summary>
    /// <param name="isTls">Speaks TLS with a certificate that nobody trusts.</param>
    public static async Task<FakeInflux> StartAsync(Func<FakeRequest, Task>? answer = null, bool isTls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (isTls)
                {
                    listen.UseHttps(SelfSigned());
                }
            });
        });
        var fake = new FakeInflux(builder.Build());
        fake.Answer = answer ?? fake.Answer;
        fake.app.Run(fake.HandleAsync);
        await fake.app.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = new FakeRequest(
            context, context.Request.Path, context.Request.QueryString.ToString(),
            context.Request.Headers.Authorization.ToString(),
            await reader.ReadToEndAsync(context.RequestAborted));
        Requests.Enqueue(request);
        await Answer(request);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
