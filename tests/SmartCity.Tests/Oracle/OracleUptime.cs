using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Work on a pile, or, without one, on a compound, [From, Until); nobody knew of it before it was declared.</summary>
internal sealed record OracleWork(int? Pile, int Compound, long From, long Until, long Declared, bool IsCancelled);

/// <summary>Counts the seconds of ports that uptime is made of.</summary>
internal sealed class OracleUptime
{
    private readonly Dictionary<(int Group, int Row), long[]> seconds = [];
    private readonly long[] total = new long[4];

    public OracleUptime(OracleWorld world, IReadOnlyList<OracleWork> works, BucketKind kind)
    {
        var calendar = new OracleCalendar(world, kind);
        Rows = calendar.Rows;
        foreach (var pile in Enumerable.Range(0, world.Piles.Count).Select(pile => new OraclePile(world, pile)))
        {
            for (var second = 0; second < world.Seconds; second++)
            {
                var at = world.From + second;
                var atWork = works.Where(work => IsOf(work, world, pile.Number, at)).ToList();
                for (var port = 1; port <= OracleWorld.PortsMax; port++)
                {
                    if (world.GroupAt(pile.Number, port, at) is { } group)
                    {
                        var key = (group, calendar.RowAt(at));
                        var row = seconds.TryGetValue(key, out var known) ? known : seconds[key] = new long[4];
                        Add(row, pile.Statuses.At(port, second), atWork, at);
                        Add(total, pile.Statuses.At(port, second), atWork, at);
                    }
                }
            }
        }
    }

    public int Rows { get; }

    public string Tell(int group, int row) => Tell(seconds.GetValueOrDefault((group, row), new long[4]));

    public string Total() => Tell(total);

    private static bool IsOf(OracleWork work, OracleWorld world, int pile, long at) =>
        !work.IsCancelled && at >= work.From && at < work.Until
        && (work.Pile is { } own ? own == pile : world.VersionAt(pile, at)?.Compound == work.Compound);

    private static void Add(long[] row, PortStatus status, List<OracleWork> atWork, long at)
    {
        if (status == PortStatus.Unknown)
        {
            return;
        }
        var isOut = status is PortStatus.Offline or PortStatus.Faulted or PortStatus.Unavailable;
        row[0]++;
        row[1] += isOut ? 1 : 0;
        row[2] += isOut && atWork.Exists(work => work.Declared <= at) ? 1 : 0;
        row[3] += isOut && atWork.Count > 0 && atWork.TrueForAll(work => work.Declared > at) ? 1 : 0;
    }

    private static string Tell(long[] row)
    {
        var (judged, outage, excluded) = (row[0], row[1], row[2]);
        double? uptime = judged == 0 ? null : (judged - (outage - excluded)) / (double)judged;
        return string.Create(CultureInfo.InvariantCulture,
            $"judged {judged} outage {outage} excluded {excluded} too late {row[3]} uptime {uptime:0.000000000}");
    }
}
