using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Faults that follow from silence (701), from ports that change too often (705) and from sensors.</summary>
internal static class OracleDerived
{
    private const long Flapping = 600;

    /// <summary>What is left of them while the pile does not report the same itself.</summary>
    public static List<OracleFault> Of(
        OracleWorld world, int pile, IReadOnlyList<OracleFault> reported, long airSeconds = 21_600)
    {
        var ordered = OracleRecords.Of(world, pile);
        var found = Silent(world, pile, ordered);
        for (var port = 1; port <= OracleWorld.PortsMax; port++)
        {
            found.AddRange(Flaps(world, ordered, port));
        }
        found.AddRange(new OracleSensors(world, pile, ordered, airSeconds).All());
        // What the pile says counts from its debounce on, and is the last word about what goes on then.
        foreach (var own in reported.Where(r => r.Counts(world.Evaluation)))
        {
            found = [.. found.SelectMany(f => f.Port == own.Port && f.Code.Number == own.Code.Number ? Without(f, own) : [f])];
        }
        return found;
    }

    private static List<OracleFault> Without(OracleFault derived, OracleFault own)
    {
        var (from, until) = (own.Raised, own.Cleared ?? long.MaxValue);
        if (until <= derived.Raised || from >= (derived.Cleared ?? long.MaxValue))
        {
            return [derived];
        }
        return from > derived.Raised ? [derived with { Cleared = from, IsTakenOver = true }] : [];
    }

    /// <summary>OFFLINE while commissioned; versions that touch are one time in service.</summary>
    private static List<OracleFault> Silent(OracleWorld world, int pile, IReadOnlyList<OracleRecord> ordered)
    {
        var faults = new List<OracleFault>();
        foreach (var (from, until, isOpen) in OracleStatuses.Silences(world, pile, ordered))
        {
            OracleFault? last = null;
            foreach (var version in world.Piles[pile])
            {
                var (start, end) = (Math.Max(from, version.From), Math.Min(until, version.Until ?? long.MaxValue));
                if (start >= end)
                {
                    continue;
                }
                long? cleared = isOpen && end == until ? null : end;
                if (last is not null && last.Cleared == start)
                {
                    faults.Remove(last);
                    start = last.Raised;
                }
                faults.Add(last = new OracleFault(0, Code(701), Code(701).Severity, start, start, cleared));
            }
        }
        return faults;
    }

    private static IEnumerable<OracleFault> Flaps(OracleWorld world, IReadOnlyList<OracleRecord> ordered, int port)
    {
        var said = ordered.Where(r => r.Delivery.What is Said s && s.Port == port)
            .Select(r => (r.At, ((Said)r.Delivery.What).Status)).ToList();
        var changes = said.Zip(said.Skip(1)).Where(p => p.First.Status != p.Second.Status).Select(p => p.Second.At).ToList();
        long? raised = null;
        for (var i = 0; i < changes.Count; i++)
        {
            var recent = changes.Take(i + 1).Count(c => changes[i] - c <= Flapping);
            raised ??= recent >= 6 ? changes[i] : null;
            var isQuiet = i + 1 < changes.Count
                ? changes[i + 1] >= changes[i] + Flapping : world.Evaluation >= changes[i] + Flapping;
            if (raised is { } since && isQuiet)
            {
                yield return new OracleFault(port, Code(705), Code(705).Severity, since, since, changes[i] + Flapping);
                raised = null;
            }
        }
        if (raised is { } open)
        {
            yield return new OracleFault(port, Code(705), Code(705).Severity, open, open, null);
        }
    }

    private static FaultCode Code(int number) => FaultCode.All.Single(c => c.Number == number);
}
