using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Finds plugs that stayed in while nothing flowed. All of them together are the idle time of utilization.</summary>
public static class Overstays
{
    /// <summary>The overstays of one pile, by port and time.</summary>
    /// <param name="segments">By port and time; a gap between two ends an overstay.</param>
    /// <param name="sessions">Those of the pile, in any order.</param>
    /// <param name="longerThan">One of exactly this length is left out.</param>
    public static List<Overstay> Of(
        IReadOnlyList<StatusSegment> segments, IEnumerable<ChargingSession> sessions, TimeSpan longerThan)
    {
        var ofPort = sessions.GroupBy(s => s.Port).ToDictionary(
            port => port.Key, port => port.OrderBy(s => s.Start).ThenBy(s => s.Id, StringComparer.Ordinal).ToList());
        var found = new List<Overstay>();
        for (var i = 0; i < segments.Count;)
        {
            var end = i;
            while (end < segments.Count && segments[end].Port == segments[i].Port)
            {
                end++;
            }
            AddPort(segments, i, end, ofPort.GetValueOrDefault(segments[i].Port, []), longerThan, found);
            i = end;
        }
        return found;
    }

    private static void AddPort(
        IReadOnlyList<StatusSegment> segments, int first, int end, List<ChargingSession> sessions, TimeSpan longerThan,
        List<Overstay> into)
    {
        var free = Instant.Min;
        var session = 0;
        for (var i = first; i < end; i++)
        {
            if (!IsIdle(segments[i].Status))
            {
                // Out of sight, or out of order, a plug may still be in.
                free = segments[i].Status is PortStatus.Available or PortStatus.Reserved ? segments[i].Until : free;
                continue;
            }
            var since = segments[i].From;
            while (i + 1 < end && IsIdle(segments[i + 1].Status) && segments[i + 1].From == segments[i].Until)
            {
                i++;
            }
            var last = segments[i];
            if (last.Until - since > longerThan)
            {
                var id = LastSession(sessions, ref session, free, last.Until);
                into.Add(new Overstay(last.Port, since, last.Until, last.Status, last.Version, id));
            }
        }
    }

    /// <summary>The session that started last before a moment, unless it was over before the plug went in.</summary>
    /// <param name="next">The first session that has not been looked at: moments only grow.</param>
    private static string? LastSession(List<ChargingSession> sessions, ref int next, Instant free, Instant until)
    {
        while (next < sessions.Count && sessions[next].Start < until)
        {
            next++;
        }
        return next > 0 && sessions[next - 1] is var session && !(session.End < free) ? session.Id : null;
    }

    private static bool IsIdle(PortStatus status) =>
        status is PortStatus.Plugged or PortStatus.SuspendedByPile or PortStatus.FinishedPlugged;
}
