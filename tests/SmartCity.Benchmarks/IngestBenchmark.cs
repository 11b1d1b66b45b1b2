using System.Diagnostics;
using System.Globalization;

namespace SmartCity.Benchmarks;

/// <summary>Durable QoS 1 messages from many devices, and for each probe how long after its PUBACK it can be queried.</summary>
internal static class IngestBenchmark
{
    /// <summary>Runs it and prints the figures.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        await using var server = await RunningServer.StartAsync();
        await using var probe = await QueryProbe.StartAsync(server);
        await using var cost = new ServerCost(server);
        var watch = Stopwatch.StartNew();
        using var load = Programs.StartSimulator(
            "load", "--mqtt", $"127.0.0.1:{server.MqttPort}", "--grpc", server.GrpcAddress, "--json",
            "--connections", options.Connections.ToString(CultureInfo.InvariantCulture),
            "--rate", options.Rate.ToString(CultureInfo.InvariantCulture),
            "--seconds", options.Seconds.ToString(CultureInfo.InvariantCulture));
        var cpu = server.Cpu;
        var result = await Programs.ResultAsync(load);
        var busy = (server.Cpu - cpu).TotalSeconds / watch.Elapsed.TotalSeconds;
        await cost.StopAsync();
        await server.DrainAsync();
        var visible = await probe.StopAsync();
        double Figure(string name) => result.GetProperty(name).GetDouble();
        Console.WriteLine(FormattableString.Invariant($"""
            connections {options.Connections}, asked for {options.Rate}/s for {options.Seconds} s
            sent {Figure("sent"):N0}, acknowledged {Figure("acked"):N0}: {Figure("perSecond"):N0}/s durable
            PUBACK p50 {Figure("pubackP50Ms"):N1} ms, p99 {Figure("pubackP99Ms"):N1} ms, max {Figure("pubackMaxMs"):N0} ms
            queryable after PUBACK, {visible.Count} probes:
              p50 {At(visible, .5):N0} ms, p99 {At(visible, .99):N0} ms, max {At(visible, 1):N0} ms
            server: {busy:N2} cores, {server.MemoryMiB:N0} MiB
              {cost.Whole:N1} µs of processor time a message, {cost.Warm:N1} µs in the second half
            """));
        return Figure("sent") > Figure("acked") || At(visible, 1) > 2_000 ? 1 : 0;
    }

    private static double At(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
}
