using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet.AspNetCore;
using MQTTnet.Server;

namespace SmartCity.Benchmarks;

/// <summary>How much of an empty broker's rate is left when each message is made durable, decoded, stored and kept live.</summary>
internal static class CeilingBenchmark
{
    /// <summary>Runs the same load into both, and prints the ratio.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var empty = await EmptyAsync(options);
        double durable;
        await using (var server = await RunningServer.StartAsync())
        {
            durable = await LoadAsync(options, server.MqttPort, server.GrpcAddress);
            await server.DrainAsync();
        }
        Console.WriteLine(FormattableString.Invariant(
            $"empty interceptor {empty:N0}/s, durable and stored {durable:N0}/s, ratio {durable / empty:N2}"));
        return 0;
    }

    private static async Task<double> EmptyAsync(BenchmarkOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseMqtt()));
        builder.Services.AddHostedMqttServer(_ => { });
        builder.Services.AddMqttConnectionHandler();
        await using var app = builder.Build();
        var broker = app.Services.GetRequiredService<MqttServer>();
        broker.InterceptingPublishAsync += message =>
        {
            message.ProcessPublish = false;
            return Task.CompletedTask;
        };
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return await LoadAsync(options, new Uri(address).Port, null);
    }

    private static async Task<double> LoadAsync(BenchmarkOptions options, int mqtt, string? grpc)
    {
        string[] registered = grpc is null ? [] : ["--grpc", grpc];
        using var load = Programs.StartSimulator(
        [
            "load", "--mqtt", $"127.0.0.1:{mqtt}", .. registered, "--json", "--rate", "0",
            "--connections", options.Connections.ToString(CultureInfo.InvariantCulture),
            "--seconds", options.Seconds.ToString(CultureInfo.InvariantCulture),
        ]);
        var result = await Programs.ResultAsync(load);
        return result.GetProperty("perSecond").GetDouble();
    }
}
