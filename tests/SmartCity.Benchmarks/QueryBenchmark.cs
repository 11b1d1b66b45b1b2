using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SmartCity.Protocol.V1;

namespace SmartCity.Benchmarks;

/// <summary>Back-fills days of the demo district through MQTT and times every question over all of them.</summary>
internal static class QueryBenchmark
{
    private const int Repeats = 7;

    /// <summary>Runs it and prints a table.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        await using var server = await StartAsync(options.Keep, options.Days);
        Console.WriteLine($"{"question",-44} {"first ms",9} {"p50 ms",9} {"max ms",9} {"cpu ms",9} {"bytes",10}");
        var slow = 0;
        foreach (var (name, ask) in Questions(server, options.Days)
            .Where(q => q.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            slow += await MeasureAsync(server, name, ask);
        }
        return slow == 0 ? 0 : 1;
    }

    /// <summary>A server with so many days of the demo district, digested and at rest.</summary>
    public static async Task<RunningServer> StartAsync(string? keep, int days)
    {
        var server = await RunningServer.StartAsync(keep);
        var operations = new OperationsService.OperationsServiceClient(server.Channel);
        if ((await operations.GetIngestStatusAsync(new GetIngestStatusRequest())).RecordsStored == 0)
        {
            await FillAsync(server, days);
        }
        await DigestAsync(operations);
        await server.SettleAsync();
        var status = await operations.GetIngestStatusAsync(new GetIngestStatusRequest());
        Console.WriteLine(FormattableString.Invariant(
            $"{days} days: {status.RecordsStored:N0} records in {status.MessagesStored:N0} messages"));
        Console.WriteLine(FormattableString.Invariant(
            $"store {server.Bytes("telemetry.duckdb") / 1048576.0:N0} MiB, server {server.MemoryMiB:N0} MiB"));
        return server;
    }

    private static async Task FillAsync(RunningServer server, int days)
    {
        var watch = Stopwatch.StartNew();
        using var backfill = Programs.StartSimulator(
            "backfill", "--mqtt", $"127.0.0.1:{server.MqttPort}", "--grpc", server.GrpcAddress,
            "--days", days.ToString(CultureInfo.InvariantCulture), "--dated-only");
        await Programs.EndAsync(backfill);
        await server.DrainAsync();
        Console.WriteLine(FormattableString.Invariant($"loaded in {watch.Elapsed.TotalSeconds:N0} s"));
    }

    private static async Task DigestAsync(OperationsService.OperationsServiceClient operations)
    {
        var watch = Stopwatch.StartNew();
        var recent = TimeProvider.System.GetUtcNow().AddHours(-2).ToTimestamp();
        while ((await operations.GetIngestStatusAsync(new GetIngestStatusRequest())).DigestedUntilTime is not { } until
            || until < recent)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        Console.WriteLine(FormattableString.Invariant($"digested after {watch.Elapsed.TotalSeconds:N0} s more"));
    }

    private static async Task<int> MeasureAsync(RunningServer server, string name, Func<Task<IMessage>> ask)
    {
        var times = new List<double>();
        var bytes = 0;
        var cpu = server.Cpu;
        for (var run = 0; run < Repeats; run++)
        {
            var watch = Stopwatch.StartNew();
            bytes = (await ask()).CalculateSize();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        cpu = (server.Cpu - cpu) / Repeats;
        var first = times[0];
        times.Sort();
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-44} {first,9:N0} {times[times.Count / 2],9:N0} {times[^1],9:N0} {cpu.TotalMilliseconds,9:N0} {bytes,10:N0}"));
        return times[^1] > 1_000 ? 1 : 0;
    }

    private static IEnumerable<(string Name, Func<Task<IMessage>> Ask)> Questions(RunningServer server, int days)
    {
        var charging = new ChargingService.ChargingServiceClient(server.Channel);
        var faults = new FaultService.FaultServiceClient(server.Channel);
        var sanitation = new SanitationService.SanitationServiceClient(server.Channel);
        var now = TimeProvider.System.GetUtcNow();
        var month = new Period { From = now.AddDays(-days).ToTimestamp(), Until = now.ToTimestamp() };
        var dates = new DateRange
        {
            First = now.AddHours(8).AddDays(-days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Last = now.AddHours(8).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        yield return ("ListPorts", async () => await charging.ListPortsAsync(new() { PageSize = 10_000 }));
        yield return ("GetUtilization, city by day", async () => await charging.GetUtilizationAsync(
            new() { Period = month, Bucket = Bucket.Day }));
        yield return ("GetUtilization, port by day", async () => await charging.GetUtilizationAsync(
            new() { Period = month, Bucket = Bucket.Day, GroupBy = GroupBy.Port, PageSize = 10_000 }));
        yield return ("GetUtilization, compound by hour of day", async () => await charging.GetUtilizationAsync(
            new() { Period = month, Bucket = Bucket.HourOfDay, GroupBy = GroupBy.Compound, PageSize = 10_000 }));
        yield return ("ListSessions", async () => await charging.ListSessionsAsync(new() { Period = month, PageSize = 10_000 }));
        yield return ("ListFaults", async () => await faults.ListFaultsAsync(new() { Period = month, PageSize = 10_000 }));
        yield return ("GetFaultStatistics, by code", async () => await faults.GetFaultStatisticsAsync(
            new() { Period = month, GroupBy = FaultGroupBy.Code }));
        yield return ("GetCompliance, city", async () => await sanitation.GetComplianceAsync(new() { Dates = dates }));
        yield return ("GetCompliance, compound by day", async () => await sanitation.GetComplianceAsync(
            new() { Dates = dates, GroupBy = GroupBy.Compound, Bucket = Bucket.Day }));
        yield return ("ListObligations", async () => await sanitation.ListObligationsAsync(new() { Dates = dates, PageSize = 10_000 }));
        yield return ("ListVisits", async () => await sanitation.ListVisitsAsync(new() { Period = month, PageSize = 10_000 }));
        yield return ("ListTrucks", async () => await sanitation.ListTrucksAsync(new()));
    }
}
