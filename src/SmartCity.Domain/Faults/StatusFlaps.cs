using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>705 STATUS_FLAPPING: a port changes its reported status too often; over when it has kept quiet for as long.</summary>
internal static class StatusFlaps
{
    public static void Find(List<StatusRecord> statuses, FaultThresholds thresholds, Instant evaluation, DerivedEvents events)
    {
        foreach (var port in statuses.Where(s => s.Port > 0 && s.Stamp.Time <= evaluation).GroupBy(s => s.Port))
        {
            var changes = new Queue<Stamp>();
            StatusRecord? before = null;
            foreach (var status in port)
            {
                if (before is { } last && last.Status != status.Status)
                {
                    Change(changes, status, thresholds, events);
                }
                before = status;
            }
            if (changes.Count > 0)
            {
                EndIfQuiet(changes.Last(), port.Key, evaluation, thresholds, events);
            }
        }
    }

    private static void Change(Queue<Stamp> changes, in StatusRecord status, FaultThresholds thresholds, DerivedEvents events)
    {
        var at = status.Stamp.Time;
        if (changes.Count > 0)
        {
            EndIfQuiet(changes.Last(), status.Port, at, thresholds, events);
        }
        while (changes.TryPeek(out var first) && at - first.Time > thresholds.FlapWithin)
        {
            changes.Dequeue();
        }
        changes.Enqueue(status.Stamp);
        events.Note(
            status.Stamp, status.Port, FaultCode.StatusFlapping, changes.Count, changes.Count >= thresholds.FlapChanges, false);
    }

    private static void EndIfQuiet(in Stamp last, int port, Instant now, FaultThresholds thresholds, DerivedEvents events)
    {
        var end = last.Time + thresholds.FlapWithin;
        if (end <= now)
        {
            events.Note(last with { Time = end }, port, FaultCode.StatusFlapping, null, false, true);
        }
    }
}
