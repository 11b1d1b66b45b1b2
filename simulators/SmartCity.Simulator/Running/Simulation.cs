using System.Globalization;
using Grpc.Net.Client;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Truth;

namespace SmartCity.Simulator.Running;

/// <summary>Runs the district against a server: import, back-fill, then the present.</summary>
internal sealed class Simulation(SimulationOptions options, TimeProvider time, TextWriter log)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        var plan = DistrictBuilder.Build(options.Seed);
        using var server = options.Grpc is null ? null : GrpcChannel.ForAddress(options.Grpc);
        if (server is not null && await new DistrictImport(server).ImportAsync(plan, time, stopping))
        {
            await log.WriteLineAsync("Registered the demo district (Chuanying 220204).");
        }
        var receipts = server is null ? null : await ReceiptBook.ReadAsync(server, stopping);
        using var truth = options.TruthPath is null ? null : TruthFile.Open(options.TruthPath);
        var city = new City(plan);
        await using var fleet = new DeviceFleet(city.Devices, options.Broker, options.Seed, time, options.Login);
        await BackfillAsync(city, fleet, receipts, truth, stopping);
        if (options.Live)
        {
            var start = options.LiveStart(time.GetUtcNow().ToUnixTimeMilliseconds());
            var clock = new SimulatedClock(time, start, options.Speed);
            var run = new LiveRun(city, fleet, receipts, truth, clock, time);
            var line = new Line(fleet);
            await ProgressLine.ShowAsync(s => line.Live(city, clock.Now, s), time, run.RunAsync, stopping);
        }
    }

    private async Task BackfillAsync(
        City city, DeviceFleet fleet, ReceiptBook? receipts, TruthFile? truth, CancellationToken stopping)
    {
        if (options.BackfillDays == 0)
        {
            return;
        }
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = options.BackfillUntil ?? CityTime.DayOf(options.LiveStart(now));
        var from = Math.Max(CityTime.FirstDay, until - options.BackfillDays);
        var backfill = new Backfill(city, fleet, receipts, truth, options.DatedOnly);
        var line = new Line(fleet);
        var began = time.GetTimestamp();
        city.Prepare(from, until);
        await ProgressLine.ShowAsync(
            s => line.Past(backfill.Day, s), time, ct => backfill.SendAsync(from, until, now, ct), stopping);
        await log.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Back-filled {until - from} days: {fleet.Counters.AckedCount:N0} messages acknowledged, {backfill.Skipped:N0} were "
            + $"there already, {time.GetElapsedTime(began).TotalSeconds:N1} s."));
    }

    /// <summary>The words of the progress line.</summary>
    private sealed class Line(DeviceFleet fleet)
    {
        private long lastAcked;

        public string Past(int day, double seconds) =>
            $"back-fill {(day == 0 ? "finishing" : CityTime.Digits(day))} | {Counts(seconds)}";

        public string Live(City city, long now, double seconds) => string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.FromUnixTimeMilliseconds(now).ToOffset(TimeSpan.FromHours(8)):MM-dd HH:mm:ss} | {Counts(seconds)}"
            + $" | ports charging {city.PortsCharging(now)} | trucks out {city.TrucksOut(now)}");

        private string Counts(double seconds)
        {
            var counters = fleet.Counters;
            var acked = counters.AckedCount;
            var rate = (acked - lastAcked) / Math.Max(seconds, 0.001);
            lastAcked = acked;
            var refused = counters.RefusedCount > 0 ? $", refused {counters.RefusedCount:N0}" : "";
            var problem = counters.ConnectedCount == 0 && counters.LastProblem.Length > 0 ? $" | {counters.LastProblem}" : "";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"sent {counters.SentCount:N0}, acked {acked:N0} ({rate:N0}/s){refused} | "
                + $"connected {counters.ConnectedCount}{problem}");
        }
    }
}
