using System.Globalization;
using System.Text;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>The domain says what a slow reading of the rules says, for every random history. A failure names its seed.</summary>
public sealed class OracleTests
{
    /// <summary>Per family; four families fit into half a minute of two cores.</summary>
    internal const int Count = 1250;

    [Fact]
    public void Every_second_of_a_port_has_the_status_that_the_rules_give_it() => Histories.Check(Count, seed =>
    {
        var world = WorldGenerator.Of(seed, Family.Status);
        var feed = new DomainFeed(world, new Random(seed));
        foreach (var pile in SameFigures(world, feed, KindOf(seed)).Piles)
        {
            SameSeconds(world, pile, feed.Segments(pile.Number));
        }
    });

    [Fact]
    public void Energy_and_sessions_are_what_the_rules_say() => Histories.Check(Count, seed =>
    {
        var world = WorldGenerator.Of(seed, Family.Energy);
        var feed = new DomainFeed(world, new Random(seed));
        foreach (var pile in SameFigures(world, feed, KindOf(seed)).Piles)
        {
            var (energy, ledger) = (pile.Energy, feed.Ledger(pile.Number));
            Difference.None(
                energy.Sessions.Select(s => Tell(s, world)).Order(StringComparer.Ordinal),
                ledger.Sessions.Select(Tell).Order(StringComparer.Ordinal));
            Difference.None(energy.Postings.Where(p => p.Wh != 0 || p.Suspects > 0).Select(Tell), ledger.Postings.Select(Tell));
        }
    });

    [Fact]
    public void Saturation_and_blackout_are_what_the_rules_say() => Histories.Check(Count, seed =>
    {
        var world = WorldGenerator.Of(seed, Family.Saturation) with { Grouping = Grouping.Compound };
        SameFigures(world, new DomainFeed(world, new Random(seed)), KindOf(seed));
    });

    private static BucketKind KindOf(int seed) => (BucketKind)(seed % 7);

    private static OracleTable SameFigures(OracleWorld world, DomainFeed feed, BucketKind kind)
    {
        var expected = new OracleTable(world, kind);
        var found = feed.Table(kind);
        Assert.Equal(expected.Calendar.Rows, found.Buckets.Rows.Count);
        for (var group = 0; group < world.Groups; group++)
        {
            for (var row = 0; row < expected.Calendar.Rows; row++)
            {
                Difference.None($"group {group} row {row}", Tell(expected.Row(group, row)), Tell(found.Row(group, row)));
            }
        }
        Difference.None("total", Tell(expected.Total), Tell(found.Total()));
        return expected;
    }

    private static void SameSeconds(OracleWorld world, OraclePile pile, List<StatusSegment> segments)
    {
        var expected = 0L;
        for (var second = 0; second < world.Seconds; second++)
        {
            expected += world.VersionAt(pile.Number, world.From + second)?.Ports ?? 0;
        }
        Assert.Equal(expected, segments.Sum(s => (s.Until - s.From).Ticks / TimeSpan.TicksPerSecond));
        foreach (var segment in segments)
        {
            for (var at = segment.From.Milliseconds / 1000; at < segment.Until.Milliseconds / 1000; at++)
            {
                var status = pile.Statuses.At(segment.Port, (int)(at - world.From));
                if (status != segment.Status)
                {
                    Assert.Fail($"pile {pile.Number} {segment}, but {status} at {DomainFeed.At(at)}");
                }
            }
        }
    }

    private static string Tell(OracleSums sums) => string.Create(CultureInfo.InvariantCulture,
        $"{string.Join(' ', sums.Statuses)} ports {sums.Ports} energy {(long)(sums.EnergyWh * 1e6m)} "
        + $"sessions {sums.Sessions} suspects {sums.Suspects} saturated {sums.Saturated} unknown {sums.SaturationUnknown} "
        + $"blackout {sums.Blackout} peak {sums.PeakHour}");

    internal static string Tell(UtilizationSums sums)
    {
        var seconds = new StringBuilder();
        foreach (var status in Enum.GetValues<PortStatus>())
        {
            seconds.Append(CultureInfo.InvariantCulture, $"{sums[status] / 1000d} ");
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"{seconds}ports {sums.Ports} energy {sums.EnergyMicroWh} sessions {sums.Sessions} suspects {sums.Suspects} "
            + $"saturated {sums.Saturated / 1000d} unknown {sums.SaturationUnknown / 1000d} blackout {sums.Blackout / 1000d} "
            + $"peak {sums.PeakHour}");
    }

    private static string Tell(OracleSession session, OracleWorld world)
    {
        var isClosed = session.End is null && session.Closes <= world.Evaluation;
        var end = session.End ?? (isClosed ? session.Closes : null);
        return string.Create(CultureInfo.InvariantCulture,
            $"port {session.Port} {session.Id} {session.Start}..{end} energy {(long)(session.Total * 1e6m)} "
            + $"suspects {session.Suspects} abnormal {isClosed}");
    }

    private static string Tell(ChargingSession session) => string.Create(CultureInfo.InvariantCulture,
        $"port {session.Port} {session.Id} {session.Start.Milliseconds / 1000}..{session.End?.Milliseconds / 1000} "
        + $"energy {session.EnergyMicroWh} suspects {session.Suspects} "
        + $"abnormal {session is { StopReason: StopReason.Abnormal, Estimated: true }}");

    private static string Tell(OracleEnergyAt energy) =>
        $"port {energy.Port} at {energy.At}: {(long)(energy.Wh * 1e6m)} suspects {energy.Suspects}";

    private static string Tell(EnergyPosting energy) =>
        $"port {energy.Port} at {energy.At.Milliseconds / 1000}: {energy.MicroWh} suspects {energy.Suspects}";
}
