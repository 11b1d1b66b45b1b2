using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SmartCity.Protocol.V1;

namespace SmartCity.Benchmarks;

/// <summary>Asks the same of a store with a month and of one with a year: what does more history cost, and how fast is a
/// year?</summary>
internal static class HistoryBenchmark
{
    private const int Month = 31;
    private const int Repeats = 500;

    // Nothing that still comes in has a say in what was that many days ago, nor in how a miss of then was answered.
    private const int Over = 8;

    /// <summary>Runs it and prints a table.</summary>
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        var before = await MeasureAsync(options, Month);
        var after = await MeasureAsync(options, options.Days);
        foreach (var (name, p50) in before)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{name}: with {(double)options.Days / Month:N1} times the history {after[name] / p50:N2} times as long"));
        }
        return 0;
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(BenchmarkOptions options, int days)
    {
        await using var server = await QueryBenchmark.StartAsync(options.Keep is { } keep ? $"{keep}-{days}" : null, days);
        Console.WriteLine($"{"question",-44} {"first ms",9} {"p50 ms",9} {"p99 ms",9} {"cpu ms",9}");
        var medians = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, ask) in Questions(server, days)
            .Where(q => q.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
        {
            medians[name] = await MeasureAsync(server, name, ask);
        }
        return medians;
    }

    private static async Task<double> MeasureAsync(RunningServer server, string name, Func<Task> ask)
    {
        var watch = Stopwatch.StartNew();
        await ask();
        var first = watch.Elapsed.TotalMilliseconds;
        var times = new List<double>();
        var cpu = server.Cpu;
        for (var run = 0; run < Repeats; run++)
        {
            watch.Restart();
            await ask();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        cpu = (server.Cpu - cpu) / Repeats;
        times.Sort();
        var p50 = times[Repeats / 2];
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-44} {first,9:N0} {p50,9:N1} {times[(Repeats * 99 / 100) - 1],9:N1} {cpu.TotalMilliseconds,9:N1}"));
        return p50;
    }

    private static IEnumerable<(string Name, Func<Task> Ask)> Questions(RunningServer server, int days)
    {
        var charging = new ChargingService.ChargingServiceClient(server.Channel);
        var sanitation = new SanitationService.SanitationServiceClient(server.Channel);
        var today = new DateTimeOffset(
            TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date, TimeSpan.FromHours(8));
        yield return ("GetUtilization, 30 days by day", async () => await charging.GetUtilizationAsync(
            new() { Period = Past(30), Bucket = Bucket.Day }));
        yield return ("GetUtilization, 30 days until now by day", async () => await charging.GetUtilizationAsync(
            new() { Period = new Period { From = today.AddDays(-30).ToTimestamp() }, Bucket = Bucket.Day }));
        yield return ("GetUtilization, all by month", async () => await charging.GetUtilizationAsync(
            new() { Period = Past(days - 1), Bucket = Bucket.Month }));
        yield return ("GetCompliance, 31 dates", async () => await sanitation.GetComplianceAsync(new() { Dates = Dates(Month, Over) }));
        yield return ("GetCompliance, 31 dates until yesterday", async () => await sanitation.GetComplianceAsync(
            new() { Dates = Dates(Month, 1) }));
        yield return ("GetCompliance, all dates", async () => await sanitation.GetComplianceAsync(new() { Dates = Dates(days, Over) }));

        Period Past(int past) => new() { From = today.AddDays(-past).ToTimestamp(), Until = today.ToTimestamp() };
        DateRange Dates(int count, int ago) => new() { First = DateOf(-Math.Min(count + ago, days)), Last = DateOf(-ago) };
        string DateOf(int day) => today.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
