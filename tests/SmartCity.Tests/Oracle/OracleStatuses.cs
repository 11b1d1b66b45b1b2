using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>
/// What the ports of one pile were in every second of the period that has happened. Painted like a picture: what comes later is
/// painted over what came before.
/// </summary>
internal sealed class OracleStatuses
{
    private readonly OracleWorld world;
    private readonly PortStatus[][] reported;
    private readonly bool[][] faulted;
    private readonly bool[] offline;

    public OracleStatuses(OracleWorld world, int pile, IReadOnlyList<OracleRecord> ordered, OracleFaults faults)
    {
        this.world = world;
        reported = [.. Enumerable.Range(0, OracleWorld.PortsMax + 1).Select(_ => new PortStatus[world.Seconds])];
        faulted = [.. Enumerable.Range(0, OracleWorld.PortsMax + 1).Select(_ => new bool[world.Seconds])];
        offline = new bool[world.Seconds];
        PaintReports(ordered);
        foreach (var (from, until, _) in Silences(world, pile, ordered))
        {
            Paint(offline, from, until, true);
        }
        PaintFaults(faults);
    }

    /// <summary>The status of a port in a second of the period, whether commissioned or not.</summary>
    public PortStatus At(int port, int second)
    {
        var whole = reported[0][second];
        var own = reported[port][second];
        if (offline[second])
        {
            return PortStatus.Offline;
        }
        if (whole == PortStatus.Unavailable || own == PortStatus.Unavailable)
        {
            return PortStatus.Unavailable;
        }
        return whole == PortStatus.Faulted || faulted[0][second] || faulted[port][second] ? PortStatus.Faulted : own;
    }

    private void PaintReports(IReadOnlyList<OracleRecord> ordered)
    {
        foreach (var record in ordered)
        {
            if (record.Delivery.What is Said said && said.Port <= OracleWorld.PortsMax)
            {
                var readable = Enum.IsDefined(said.Status) && said.Status != PortStatus.Offline;
                Paint(reported[said.Port], record.At, world.Evaluation, readable ? said.Status : PortStatus.Unknown);
            }
        }
    }

    /// <summary>When a pile is OFFLINE; the last time may still be going on.</summary>
    public static IEnumerable<(long From, long Until, bool IsOpen)> Silences(
        OracleWorld world, int pile, IReadOnlyList<OracleRecord> ordered)
    {
        var wills = OracleRecords.Wills(world, pile).ToList();
        for (var i = 0; i < ordered.Count; i++)
        {
            var from = ordered[i].At;
            var isLast = i + 1 == ordered.Count;
            var until = isLast ? world.Evaluation : ordered[i + 1].At;
            var limit = LimitAt(world, pile, from);
            if (until - from > limit)
            {
                var gone = wills.Where(w => w >= from && w < until).DefaultIfEmpty(long.MaxValue).Min();
                yield return (Math.Min(from + limit, gone), until, isLast);
            }
        }
    }

    /// <summary>Which version's report interval counts is open in the rules; documented is: the one at the gap's start, else the
    /// next one, else the last.</summary>
    private static long LimitAt(OracleWorld world, int pile, long second) =>
        (world.VersionAt(pile, second) ?? world.Piles[pile].FirstOrDefault(v => v.From > second) ?? world.Piles[pile][^1])
        .OfflineAfter;

    private void PaintFaults(OracleFaults faults)
    {
        foreach (var fault in faults.All.Where(f => f.Port <= OracleWorld.PortsMax && f.MajorSince is not null))
        {
            var from = Math.Max(fault.Visible, fault.MajorSince!.Value);
            Paint(faulted[fault.Port], from, fault.Cleared ?? world.Evaluation, true);
        }
    }

    private void Paint<T>(T[] picture, long from, long until, T color)
    {
        var start = Math.Clamp(from - world.From, 0, picture.Length);
        var end = Math.Clamp(until - world.From, start, picture.Length);
        Array.Fill(picture, color, (int)start, (int)(end - start));
    }
}
