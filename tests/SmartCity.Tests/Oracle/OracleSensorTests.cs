using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Server.Api.Faults;

namespace SmartCity.Tests.Oracle;

/// <summary>Faults that samples tell of are what a slow reading of the rules says. A failure names its seed.</summary>
public sealed class OracleSensorTests
{
    private const int Count = 5000;

    [Fact]
    public void Faults_that_samples_tell_of_are_what_the_rules_say() => Histories.Check(Count, seed =>
    {
        var world = SensorWorlds.Of(seed);
        var airSeconds = seed % 2 == 0 ? 21_600 : 900;
        var ordered = OracleRecords.Of(world, 0);
        var reported = new OracleFaults(ordered).All;
        var derived = OracleDerived.Of(world, 0, reported, airSeconds);
        Difference.NoneInAnyOrder(
            reported.Select(f => Tell(f, "")).Concat(derived.Select(f => Tell(f, "d"))), FaultsOf(world, 1, airSeconds).Select(Tell));
    });

    [Fact]
    public void Samples_in_another_order_twice_or_late_change_nothing() => Histories.Check(Count, seed =>
    {
        var world = SensorWorlds.Of(seed);
        var random = new Random(seed + 1);
        // The clock is believed here, so it does not matter when a record came.
        var again = world.Deliveries.Concat(world.Deliveries.Where(_ => random.Next(4) == 0))
            .Select(d => d with { Received = d.Received + random.Next(3) * random.Next(4000) }).ToArray();
        random.Shuffle(again);
        Difference.None(
            FaultsOf(world, 1, 900).Select(f => f.ToString()),
            FaultsOf(world with { Deliveries = again }, 2, 900).Select(f => f.ToString()));
    });

    [Fact]
    public void The_worlds_have_faults_of_every_kind_in_every_end()
    {
        var found = Enumerable.Range(0, 300).SelectMany(seed => FaultsOf(SensorWorlds.Of(seed), 1, 900)).Where(f => f.Derived).ToList();
        foreach (var code in (int[])[102, 106, 107, 204])
        {
            var own = found.FindAll(f => f.Code.Number == code);
            Assert.True(own.Count(f => f.Cleared is null) > 10, $"{code}: too few are open");
            Assert.True(own.Count(f => f.Cleared is not null && !f.IsTransient) > 10, $"{code}: too few are over");
            Assert.True(code == 106 || own.Count(f => f.IsTransient) > 10, $"{code}: too few are transients");
        }
    }

    private static IReadOnlyList<Fault> FaultsOf(OracleWorld world, int feedSeed, int airSeconds)
    {
        var feed = new DomainFeed(world, new Random(feedSeed));
        var thresholds = FaultThresholds.Default with { AmbientUnmeasuredMax = TimeSpan.FromSeconds(airSeconds) };
        return FaultHistory.Of(
            feed.Histories[0], feed.FaultLogs[0], OfflineSpans.Of(feed.Histories[0], feed.Evaluation), true, thresholds,
            feed.Evaluation);
    }

    private static string Tell(OracleFault fault, string derived) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Port} {fault.Code.Number}{derived} {fault.Severity} {fault.Raised} {fault.Cleared} {fault.IsTransient}");

    private static string Tell(Fault fault) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Port} {fault.Code.Number}{(fault.Derived ? "d" : "")} {fault.Severity} {fault.Raised.Milliseconds / 1000} "
        + $"{fault.Cleared?.Milliseconds / 1000} {fault.IsTransient}");
}
