using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Faults;

namespace SmartCity.Tests.Oracle;

/// <summary>Faults and their figures are what a slow reading of the rules says. A failure names its seed.</summary>
public sealed class OracleFaultTests
{
    private const int Count = 2500; // Of each of the two, 5000 together.

    [Fact]
    public void Faults_and_their_figures_are_what_the_rules_say() =>
        Histories.Check(Count, seed => Check(seed, withDerived: false));

    [Fact]
    public void With_the_derived_ones_too() => Histories.Check(Count, seed => Check(seed, withDerived: true));

    private static void Check(int seed, bool withDerived)
    {
        var world = WorldGenerator.Of(seed, withDerived && seed % 2 == 0 ? Family.Status : Family.Faults, isTiny: seed % 8 > 0)
            with { Grouping = Grouping.Pile, CompoundsInScope = 2 };
        var feed = new DomainFeed(world, new Random(seed));
        var kind = (BucketKind)(seed % 5); // The table takes no folds.
        var oracle = new OracleTable(world, kind);
        var usage = feed.Table(kind);
        var table = new FaultTable(world.Groups, feed.Buckets(kind), feed.Evaluation);
        for (var number = 0; number < world.Piles.Count; number++)
        {
            var (pile, log) = (oracle.Piles[number], feed.FaultLogs[number]);
            List<OracleFault> expected = [.. pile.Faults.All, .. withDerived ? OracleDerived.Of(world, number, pile.Faults.All) : []];
            expected = [.. expected.OrderBy(f => f.Raised)];
            var found = FaultHistory.Of(
                feed.Histories[number], log, OfflineSpans.Of(feed.Histories[number], feed.Evaluation), withDerived,
                FaultThresholds.Default, feed.Evaluation);
            Difference.NoneInAnyOrder(expected.Select(Tell), found.Select(Tell));
            Difference.NoneInAnyOrder(
                pile.Faults.Ignored.Select(i => $"{i.Port} {i.Code} {i.At}"),
                log.Ignored.Select(i => $"{i.Port} {i.Code.Number} {i.At.Milliseconds / 1000}"));
            Fill(table, number, found, log, feed.Evaluation);
            for (var row = 0; row < oracle.Calendar.Rows; row++)
            {
                var sums = usage.Row(number, row);
                Difference.None(
                    $"pile {number} row {row}", Tell(new OracleFaultTable(world, oracle, pile, expected, row)),
                    Tell(table.Row(number, row), sums.Seen - sums[PortStatus.Faulted]));
            }
        }
    }

    private static void Fill(FaultTable table, int group, IReadOnlyList<Fault> faults, FaultLog log, Instant evaluation)
    {
        var repeats = FaultTable.Repeats(faults, evaluation);
        foreach (var fault in faults)
        {
            table.Add(group, fault, repeats.Contains(fault));
        }
        foreach (var ignored in log.Ignored)
        {
            table.AddIgnored(group, ignored.At);
        }
    }

    private static string Tell(OracleFault fault) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Port} {fault.Code.Number} {fault.Severity} {(fault.Severity < Severity.Major ? null : fault.MajorSince)} {fault.Raised} "
        + $"{fault.Cleared} {fault.IsTransient}");

    private static string Tell(Fault fault) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Port} {fault.Code.Number} {fault.Severity} "
        + $"{(fault.Severity < Severity.Major ? null : fault.MajorSince?.Milliseconds / 1000)} "
        + $"{fault.Raised.Milliseconds / 1000} {fault.Cleared?.Milliseconds / 1000} {fault.IsTransient}");

    private static string Tell(OracleFaultTable row) => string.Create(CultureInfo.InvariantCulture,
        $"raised {row.Raised} cleared {row.Cleared} repair {row.RepairSeconds} transients {row.Transients} repeats {row.Repeats} "
        + $"open {row.Open} ignored {row.Ignored} mttr {row.Mttr} mtbf {row.Mtbf} rate {row.RepeatRate}");

    private static string Tell(FaultSums sums, long upMs) => string.Create(CultureInfo.InvariantCulture,
        $"raised {sums.Raised} cleared {sums.Cleared} repair {sums.RepairMs / 1000} transients {sums.Transients} "
        + $"repeats {sums.Repeats} open {sums.OpenAtEnd} ignored {sums.Ignored} mttr {sums.MttrSeconds} "
        + $"mtbf {sums.MtbfSeconds(upMs)} rate {sums.RepeatRate}");
}
