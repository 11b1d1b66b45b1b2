using System.Globalization;
using static System.FormattableString;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>How fast messages that wait at an external broker come into each store, against an empty handler, a writer of the same
/// points, and Node-RED. Everybody drains the same messages, one after the other.</summary>
internal static class BridgeBenchmark
{
    private const int SendingRate = 20_000;

    /// <summary>Runs it and prints the rates and their ratios.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-bridge-");
        try
        {
            return await RunAsync(options, folder);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(BenchmarkOptions options, DirectoryInfo folder)
    {
        await using var broker = await LocalBroker.StartAsync(folder);
        DirectoryInfo Part(string name) => new(Path.Combine(folder.FullName, name));
        await using var forStore = new LocalInflux(Part("influx-store"));
        await using var forJournal = new LocalInflux(Part("influx-journal"));
        await using var forRaw = new LocalInflux(Part("influx-raw"));
        await using var forNode = new LocalInflux(Part("influx-node"));

        var empty = new EmptyHandler(broker.Port);
        var duckDb = new OurServer("embedded store", folder, broker, null, options.Connections);
        var influx = new OurServer("InfluxDB", folder, broker, forStore, options.Connections);
        var journal = new FullJournal(folder, broker, forJournal, options.Connections);
        var node = new NodeRed(Part("node-red"), broker, forNode);
        var missing = await node.InstallAsync();
        // The journal's server first: only it gets the message that it is prepared with.
        var all = new Drain[] { journal, empty, duckDb, influx, node }
            .Where(drain => (drain != node || missing is null)
                && drain.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase))
            .ToList();
        foreach (var drain in all)
        {
            await drain.SubscribeAsync();
        }

        var messages = await SendAsync(options, broker);
        Console.WriteLine($"{messages:N0} messages wait at mosquitto for each of {all.Count}");
        var figures = new Dictionary<Drain, double>();
        foreach (var drain in all.Where(drain => drain != journal))
        {
            figures[drain] = await TellAsync(drain, messages);
        }
        if (all.Contains(journal))
        {
            await journal.FillAsync(messages);
            var points = await journal.PointsAsync();
            var raw = messages / (await RawWriter.RunAsync(forRaw, points)).TotalSeconds;
            Console.WriteLine($"writer of the same points: {raw:N0} messages/s in {points.Count:N0} requests");
            var drained = await TellAsync(journal, messages);
            Console.WriteLine(Invariant($"P2  full journal / raw writer      {drained / raw:N2} (0.80)"));
        }

        TellRatio("P1  embedded store / empty handler", duckDb, empty, "0.80");
        TellRatio("P1  embedded store / Node-RED     ", duckDb, node, "3");
        TellRatio("P2  InfluxDB / Node-RED           ", influx, node, "2.5");
        return 0;

        void TellRatio(string what, Drain ours, Drain theirs, string goal)
        {
            if (figures.TryGetValue(ours, out var one) && figures.TryGetValue(theirs, out var other))
            {
                Console.WriteLine(Invariant($"{what} {one / other:N2} ({goal})"));
            }
            else if (theirs == node && missing is not null)
            {
                Console.WriteLine($"{what} not measured: {missing}");
            }
        }
    }

    private static async Task<double> TellAsync(Drain drain, long messages)
    {
        var figures = await drain.RunAsync(messages);
        var cpu = figures.Cpu.TotalMicroseconds / figures.Messages;
        Console.WriteLine(Invariant(
            $"{drain.Name}: {figures.PerSecond:N0} messages/s ({figures.Messages:N0} in {figures.Time.TotalSeconds:N1} s), ")
            + Invariant($"{cpu:N1} µs of processor time each"));
        return figures.PerSecond;
    }

    private static async Task<long> SendAsync(BenchmarkOptions options, LocalBroker broker)
    {
        var seconds = (double)options.Messages / SendingRate;
        using var load = Programs.StartSimulator(
            "load", "--mqtt", $"127.0.0.1:{broker.Port}", "--json", "--seed", "0",
            "--connections", options.Connections.ToString(CultureInfo.InvariantCulture),
            "--rate", SendingRate.ToString(CultureInfo.InvariantCulture),
            "--seconds", seconds.ToString(CultureInfo.InvariantCulture));
        var result = await Programs.ResultAsync(load);
        return (long)result.GetProperty("acked").GetDouble();
    }
}
