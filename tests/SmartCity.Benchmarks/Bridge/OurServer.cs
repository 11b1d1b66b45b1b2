using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Load;
using SmartCity.Simulator.Running;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>Our server behind the broker, with one of its stores. A message counts once it can be queried.</summary>
/// <param name="influx">Where it stores; null: the embedded store.</param>
internal class OurServer(string name, DirectoryInfo folder, LocalBroker broker, LocalInflux? influx, int devices) : Drain(name)
{
    protected string Data => Path.Combine(folder.FullName, Name.Replace(' ', '-'));

    protected LocalBroker Broker => broker;

    public override async Task SubscribeAsync()
    {
        await StartInfluxAsync();
        await using (var server = await StartAsync())
        {
            var ids = Enumerable.Range(1, devices).Select(i => FormattableString.Invariant($"load-{i:0000}")).ToList();
            var import = new DistrictImport(server.Channel);
            await import.ImportAsync(DistrictBuilder.Build(0), TimeProvider.System, CancellationToken.None);
            await import.ImportLoadPilesAsync(ids, LoadTemplate.Ports, CancellationToken.None);
            await Programs.UntilAsync(
                async () => (await StatusAsync(server)).Brokers.Any(b => b.Connected), "the server is at the broker",
                TimeSpan.FromSeconds(30));
            await PrepareAsync(server);
        }
        await StopInfluxAsync();
    }

    public override async Task<DrainFigures> RunAsync(long messages)
    {
        await StartInfluxAsync();
        DrainFigures figures;
        await using (var server = await StartAsync())
        {
            figures = await MeasureAsync(server, async () => (await StatusAsync(server)).MessagesStored, messages);
        }
        if (influx is not null)
        {
            var points = await influx.CountAsync("smartcity", "meter", "position");
            Console.WriteLine(FormattableString.Invariant($"  {Name}: {points:N0} meter points in InfluxDB"));
            await StopInfluxAsync();
        }
        return figures;
    }

    /// <summary>What else it wants done while it is at the broker, before the messages are sent.</summary>
    protected virtual Task PrepareAsync(RunningServer server) => Task.CompletedTask;

    protected static Task<DrainFigures> MeasureAsync(RunningServer server, Func<Task<long>> done, long messages) =>
        TimeAsync(done, () => server.Cpu, messages, TimeSpan.FromMilliseconds(50));

    protected static async Task<GetIngestStatusResponse> StatusAsync(RunningServer server) =>
        await new OperationsService.OperationsServiceClient(server.Channel).GetIngestStatusAsync(
            new GetIngestStatusRequest(), new CallOptions().WithWaitForReady());

    protected Task<RunningServer> StartAsync() => RunningServer.StartAsync(
        Data,
        [
            "--Mqtt:Listen=", $"--Mqtt:Broker=mqtt://127.0.0.1:{broker.Port}", $"--Mqtt:ClientId={Name.Replace(' ', '-')}",
            .. influx is null ? [] : new[] { "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={influx.Url}" },
        ]);

    protected Task StartInfluxAsync() => influx?.StartAsync() ?? Task.CompletedTask;

    protected Task StopInfluxAsync() => influx?.StopAsync() ?? Task.CompletedTask;
}
