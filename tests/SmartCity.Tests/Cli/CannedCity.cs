using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Cli;

namespace SmartCity.Tests.Cli;

/// <summary>A gRPC server on a free port that gives the answers a test tells it to, and remembers what it was asked.</summary>
internal sealed class CannedCity : IAsyncDisposable
{
    private readonly Dictionary<Type, Func<IMessage, IMessage>> _answers = [];
    private readonly WebApplication _server;

    private CannedCity()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _server = builder.Build();
        _server.MapGrpcService<CannedCharging>();
        _server.MapGrpcService<CannedCapacity>();
        _server.MapGrpcService<CannedFaults>();
        _server.MapGrpcService<CannedSanitation>();
        _server.MapGrpcService<CannedOperations>();
        _server.MapGrpcService<CannedRegistry>();
        _server.MapGrpcService<CannedMoving>();
    }

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<IMessage> Asked { get; } = new();

    /// <summary>What a command sees as now.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2100, 11, 23, 6, 0, 0, TimeSpan.Zero));

    public string Address =>
        _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<CannedCity> StartAsync()
    {
        var city = new CannedCity();
        await city._server.StartAsync();
        return city;
    }

    public CannedCity Answering<TRequest>(Func<TRequest, IMessage> answer)
        where TRequest : IMessage
    {
        _answers[typeof(TRequest)] = request => answer((TRequest)request);
        return this;
    }

    public CannedCity Answering<TRequest>(IMessage answer)
        where TRequest : IMessage => Answering<TRequest>(_ => answer);

    public Task<TResponse> Answer<TResponse>(IMessage request)
        where TResponse : IMessage, new()
    {
        Asked.Enqueue(request);
        var known = _answers.TryGetValue(request.GetType(), out var answer);
        return Task.FromResult(known ? (TResponse)answer!(request) : new TResponse());
    }

    public TRequest OnlyQuestion<TRequest>() => Assert.IsType<TRequest>(Assert.Single(Asked));

    /// <summary>Runs a command against this server, as if its output went to a file.</summary>
    public Task<Run> RunAsync(params string[] args) => RunAsync(pretty: false, width: null, args);

    /// <summary>Runs a command against this server.</summary>
    public async Task<Run> RunAsync(bool pretty, int? width, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = Terminal(output, error) with { Pretty = pretty, Width = width };
        var code = await CommandLine.RunAsync([.. args, "--server", Address], terminal, TestContext.Current.CancellationToken);
        return new Run(code, output.ToString(), error.ToString());
    }

    /// <summary>A place to write that has this city's clock.</summary>
    public Terminal Terminal(TextWriter output, TextWriter error) => new(output, error, Clock, Pretty: false, Width: null);

    public static RpcException Failure(StatusCode code, string detail) => new(new Status(code, detail));

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>What a command left behind.</summary>
internal sealed record Run(int Code, string Out, string Error)
{
    /// <summary>What a command wrote that went well; remarks on it stand beside it.</summary>
    public string DoneWithRemarks
    {
        get
        {
            Assert.DoesNotContain("smartcity:", Error, StringComparison.Ordinal);
            Assert.Equal(CommandLine.Done, Code);
            return Out;
        }
    }

    /// <summary>What a command wrote that went well and had no remarks.</summary>
    public string Done
    {
        get
        {
            Assert.Equal("", Error);
            Assert.Equal(CommandLine.Done, Code);
            return Out;
        }
    }
}
