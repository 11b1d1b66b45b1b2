using System.Diagnostics;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCity.Protocol.V1;
using SmartCity.Server;
using SmartCity.Server.Settings;

namespace SmartCity.Tests.EndToEnd;

/// <summary>The real server in this process, on free ports, with a data directory of its own. An error in its log that the test
/// did not expect fails the test when the server is disposed of.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication app;
    private readonly bool ownsDirectory;
    private readonly int mqttPort;
    private bool stopped;

    private TestServer(WebApplication app, LogRecorder log, string directory, bool ownsDirectory, int mqttPort)
    {
        (this.app, Log, Directory, this.ownsDirectory, this.mqttPort) = (app, log, directory, ownsDirectory, mqttPort);
        Channel = GrpcChannel.ForAddress(GrpcAddress);
        Operations = new OperationsService.OperationsServiceClient(Channel);
        Registry = new RegistryService.RegistryServiceClient(Channel);
    }

    /// <summary>Where everything is kept.</summary>
    public string Directory { get; }

    /// <summary>The gRPC API's address.</summary>
    public string GrpcAddress => $"http://{Listeners.Grpc}";

    /// <summary>The dashboard's address.</summary>
    public string WebAddress => $"http://{Listeners.Web}";

    /// <summary>Where devices connect, on 127.0.0.1.</summary>
    public int MqttPort => mqttPort > 0 ? mqttPort
        : Listeners.Mqtt?.Port ?? throw new InvalidOperationException("This server has no embedded broker.");

    public GrpcChannel Channel { get; }

    public OperationsService.OperationsServiceClient Operations { get; }

    public RegistryService.RegistryServiceClient Registry { get; }

    public LogRecorder Log { get; }

    /// <summary>The server's parts.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Errors in the log that the test provokes on purpose.</summary>
    public Func<string, bool> IsExpectedError { get; set; } = _ => false;

    private Listeners Listeners => app.Services.GetRequiredService<Listeners>();

    /// <summary>Starts a server.</summary>
    /// <param name="directory">The data directory of an earlier one, to carry on; null: a new one, removed at the end.</param>
    /// <param name="settings">More settings, as on the command line.</param>
    /// <param name="configure">Replaces parts.</param>
    public static async Task<TestServer> StartAsync(
        string? directory = null, IReadOnlyList<string>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var data = directory ?? System.IO.Directory.CreateTempSubdirectory("smartcity-test-").FullName;
        var (mqttPort, deployed) = await Deployment.OfAsync(data, 0);
        var builder = ServerHost.CreateBuilder(
        [
            $"--DataDirectory={data}", "--Grpc:Listen=127.0.0.1:0", "--Web:Listen=127.0.0.1:0", .. deployed, .. settings ?? [],
        ]);
        var log = new LogRecorder();
        builder.Logging.ClearProviders().AddProvider(log);
        configure?.Invoke(builder.Services);
        var app = ServerHost.Build(builder);
        await app.StartAsync();
        return new TestServer(app, log, data, ownsDirectory: directory is null, mqttPort);
    }

    /// <summary>Waits for something to become true; fails with the reason after half a minute.</summary>
    public static Task EventuallyAsync(Func<Task<bool>> condition, string what) => EventuallyAsync(condition, () => what);

    /// <summary>The same, with a reason that is known only then.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                Assert.Fail($"{what()}: not within {Patience.TotalSeconds} s");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>Registers pile P-1 with 10 ports, and what belongs to it.</summary>
    public async Task ImportFirstPileAsync() => await ImportAsync(
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District"},
                  {"id":"north","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204"},
                  {"id":"garden","kind":"COMPOUND","name":"Compound","parentId":"north"}],
         "piles":[{"id":"P-1","name":"First pile","compoundId":"garden","kind":"EBIKE_AC","ports":10,"ratedPortPowerW":1000}]}
        """);

    /// <summary>Registers assets, given as JSON.</summary>
    public async Task ImportAsync(string json) =>
        await Registry.ImportAssetsAsync(new ImportAssetsRequest { Format = AssetFormat.Json, Content = json });

    /// <summary>The state of ingest.</summary>
    public async Task<GetIngestStatusResponse> StatusAsync() =>
        await Operations.GetIngestStatusAsync(new GetIngestStatusRequest());

    /// <summary>Waits until everything received is settled, and gives the state then.</summary>
    public async Task<GetIngestStatusResponse> SettledAsync(long received)
    {
        GetIngestStatusResponse status = new();
        await EventuallyAsync(
            async () =>
            {
                status = await StatusAsync();
                return status.MessagesReceived >= received && status.MessagesBehind == 0;
            },
            $"{received} messages received and settled");
        return status;
    }

    /// <summary>Ctrl-C.</summary>
    public async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            Channel.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (ownsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
        var unexpected = Log.Errors.Where(e => !IsExpectedError(e)).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }
}
