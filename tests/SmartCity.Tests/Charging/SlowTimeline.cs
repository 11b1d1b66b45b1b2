using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>The rules of the status timeline once more, for one port and one second at a time, as plainly as they are
/// written.</summary>
internal static class SlowTimeline
{
    private static readonly HashSet<int> OutOfService = [101, 201, 204, 209, 210, 301, 501];

    /// <summary>What the port was in the second that begins at a moment; null while it is not commissioned.</summary>
    /// <param name="heard">Whole seconds at which the pile was heard.</param>
    /// <param name="evaluation">Later than the moment.</param>
    public static PortStatus? At(PileStory story, IReadOnlyList<Instant> heard, int port, Instant moment, Instant evaluation)
    {
        if (!story.Versions.Any(v => v.Validity.From <= moment && !(v.Validity.Until <= moment) && port <= v.Ports))
        {
            return null;
        }
        if (IsOffline(story, heard, moment, evaluation))
        {
            return PortStatus.Offline;
        }
        var own = LastStatus(story, port, moment);
        var pile = LastStatus(story, 0, moment);
        if (own == PortStatus.Unavailable || pile == PortStatus.Unavailable)
        {
            return PortStatus.Unavailable;
        }
        if (own == PortStatus.Faulted || pile == PortStatus.Faulted || HasFault(story, port, moment))
        {
            return PortStatus.Faulted;
        }
        return own == PortStatus.Offline ? PortStatus.Unknown : own;
    }

    private static bool IsOffline(PileStory story, IReadOnlyList<Instant> heard, Instant moment, Instant evaluation)
    {
        var before = heard.Where(h => h <= moment).ToList();
        if (before.Count == 0)
        {
            return false;
        }
        var last = before.Max();
        var next = heard.Where(h => h > moment).Append(evaluation).Min();
        var limit = Math.Max(180_000, 3 * (long)story.Versions[0].ReportInterval.TotalMilliseconds);
        if (next.Milliseconds - last.Milliseconds <= limit)
        {
            return false;
        }
        return moment.Milliseconds - last.Milliseconds >= limit || story.Wills.Any(w => w >= last && w <= moment);
    }

    private static PortStatus LastStatus(PileStory story, int port, Instant moment) =>
        story.Statuses.Where(s => s.Port == port && s.Stamp.Time <= moment)
            .OrderBy(s => s.Stamp.Time).ThenBy(s => s.Stamp.Sequence).Select(s => s.Status).LastOrDefault();

    private static bool HasFault(PileStory story, int port, Instant moment)
    {
        foreach (var key in story.Faults.Where(f => f.Port == port || f.Port == 0).Select(f => (f.Port, f.Code)).Distinct())
        {
            Instant? raised = null;
            foreach (var fault in story.Faults.Where(f => (f.Port, f.Code) == key && f.Stamp.Time <= moment)
                .OrderBy(f => f.Stamp.Time).ThenBy(f => f.Stamp.Sequence))
            {
                raised = fault.Event == FaultEvent.Cleared ? null : raised ?? fault.Stamp.Time;
            }
            var debounce = key.Code switch { 210 => 60, 204 => 30, 501 => 180, _ => 0 };
            if (OutOfService.Contains(key.Code) && raised is { } since && (moment - since).TotalSeconds >= debounce)
            {
                return true;
            }
        }
        return false;
    }
}
