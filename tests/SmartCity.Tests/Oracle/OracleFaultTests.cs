using System.Globalization;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Faults and their figures are what a slow reading of the rules says. A failure names its seed.</summary>
public sealed class OracleFaultTests
{
    [Fact]
    public void Faults_and_their_figures_are_what_the_rules_say() => Histories.Check(OracleTests.Count, seed =>
    {
        var world = WorldGenerator.Of(seed, Family.Faults) with { Grouping = Grouping.Pile, CompoundsInScope = 2 };
        var feed = new DomainFeed(world, new Random(seed));
        var kind = (BucketKind)(seed % 5); // The table takes no folds.
        var oracle = new OracleTable(world, kind);
        var usage = feed.Table(kind);
        var table = new FaultTable(world.Groups, feed.Buckets(kind), feed.Evaluation);
        for (var number = 0; number < world.Piles.Count; number++)
        {
            var (pile, log) = (oracle.Piles[number], feed.FaultLogs[number]);
            Difference.None(
                pile.Faults.All.Select(Tell).Order(StringComparer.Ordinal),
                log.Faults.Select(Tell).Order(StringComparer.Ordinal));
            Difference.None(
                pile.Faults.Ignored.Select(i => $"{i.Port} {i.Code} {i.At}").Order(StringComparer.Ordinal),
                log.Ignored.Select(i => $"{i.Port} {i.Code.Number} {i.At.Milliseconds / 1000}").Order(StringComparer.Ordinal));
            Fill(table, number, log, feed.Evaluation);
            for (var row = 0; row < oracle.Calendar.Rows; row++)
            {
                var sums = usage.Row(number, row);
                Difference.None(
                    $"pile {number} row {row}", Tell(new OracleFaultTable(world, oracle, pile, row)),
                    Tell(table.Row(number, row), sums.Seen - sums[PortStatus.Faulted]));
            }
        }
    });

    private static void Fill(FaultTable table, int group, FaultLog log, Instant evaluation)
    {
        var repeats = FaultTable.Repeats(log.Faults, evaluation);
        foreach (var fault in log.Faults)
        {
            table.Add(group, fault, repeats.Contains(fault));
        }
        foreach (var ignored in log.Ignored)
        {
            table.AddIgnored(group, ignored.At);
        }
    }

    private static string Tell(OracleFault fault) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Port} {fault.Code.Number} {fault.Severity} {fault.MajorSince} {fault.Raised} {fault.Cleared} {fault.IsTransient}");

    private static string Tell(Fault fault) => string.Create(CultureInfo.InvariantCulture,
        $"{fault.Port} {fault.Code.Number} {fault.Severity} {fault.MajorSince?.Milliseconds / 1000} "
        + $"{fault.Raised.Milliseconds / 1000} {fault.Cleared?.Milliseconds / 1000} {fault.IsTransient}");

    private static string Tell(OracleFaultTable row) => string.Create(CultureInfo.InvariantCulture,
        $"raised {row.Raised} cleared {row.Cleared} repair {row.RepairSeconds} transients {row.Transients} repeats {row.Repeats} "
        + $"ignored {row.Ignored} mttr {row.Mttr} mtbf {row.Mtbf} rate {row.RepeatRate}");

    private static string Tell(FaultSums sums, long upMs) => string.Create(CultureInfo.InvariantCulture,
        $"raised {sums.Raised} cleared {sums.Cleared} repair {sums.RepairMs / 1000} transients {sums.Transients} "
        + $"repeats {sums.Repeats} ignored {sums.Ignored} mttr {sums.MttrSeconds} mtbf {sums.MtbfSeconds(upMs)} rate {sums.RepeatRate}");
}
