using System.Globalization;

namespace SmartCity.Benchmarks;

/// <summary>What to measure and how hard.</summary>
internal sealed record BenchmarkOptions(
    string Name, int Connections, int Rate, int Seconds, int Days, int Messages, string? Keep, string Only, string? Server)
{
    /// <summary>Reads the command line; what is not said has the value that docs/performance.md was measured with.</summary>
    public static BenchmarkOptions Parse(string[] args)
    {
        int Value(string name, int otherwise)
        {
            var at = Array.IndexOf(args, "--" + name);
            return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        }

        string? Text(string name) => Array.IndexOf(args, "--" + name) is >= 0 and var at ? args[at + 1] : null;

        return new BenchmarkOptions(
            args.FirstOrDefault() ?? "", Value("connections", 1_000), Value("rate", 20_000), Value("seconds", 60),
            Value("days", 30), Value("messages", 600_000),
            Text("keep"), Text("only") ?? "", Text("server"));
    }

    /// <summary>Says what there is.</summary>
    public static int Usage()
    {
        Console.Error.WriteLine("""
            ingest    durable QoS 1 messages through the embedded broker, and how soon each can be queried
            ceiling   the same load into an empty interceptor and into the server, as fast as it goes: the ratio
            bridge    600,000 messages queued at a mosquitto, drained by an empty handler, into each store, and by Node-RED
            stages    processor time and allocations of each step between the broker and the store, one after the other
            queries   every question over back-filled days of the demo district
            history   utilization and compliance of a month and of all, with 31 days in the store and with --days 365
            influx    lines written and rows read by the InfluxDB client, in memory
            options   --connections 1000 --rate 20000 (0: as fast as it goes) --seconds 60 --days 30 --messages 600000 (bridge)
                      --keep DIRECTORY (queries: where the data stays, and is taken from the next time)
                      --only TEXT (such questions, or drains) --server DIRECTORY (where it was published to, else as it was built)
            """);
        return 2;
    }
}
