using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>What the ports of a pile show from one instant until another, if nothing comes in between. Computed by the domain's
/// own timeline, so that live state and statistics cannot disagree.</summary>
/// <param name="Offline">The pile is silent for too long.</param>
/// <param name="Until">The first moment at which time alone may change it, other than by silence.</param>
internal sealed record PileTimeline(
    IReadOnlyDictionary<int, (PortStatus Status, Instant? Since)> Ports, IReadOnlyList<Fault> OpenFaults, bool Offline,
    Instant Until)
{
    // The timeline covers [from, until): the instant itself is the last millisecond of it.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Computes it for one instant.</summary>
    public static PileTimeline Of(string id, IReadOnlyList<Pile> versions, PileWords words, HeardRuns heard, Instant now)
    {
        var history = words.ToHistory(id, versions, heard.Runs);
        var evaluation = now + Moment;
        var faults = FaultLog.Of(history.Faults, now).Faults;
        var offline = OfflineSpans.Of(history, evaluation);
        var segments = new List<StatusSegment>();
        StatusTimeline.Write(history, faults, offline, Instant.Min, evaluation, evaluation, segments);
        var until = Instant.Earlier(words.NextAfter(now), heard.NextAfter(now));
        foreach (var fault in faults)
        {
            until = fault.Cleared is null && fault.Visible > now ? Instant.Earlier(until, fault.Visible) : until;
        }
        return new PileTimeline(
            LastOf(segments, evaluation),
            [.. faults.Where(fault => fault.Cleared is null && fault.Visible <= now)],
            offline.Count > 0 && offline[^1].Until >= evaluation, until);
    }

    /// <summary>The codes of the open faults that concern a port: its own and its pile's, ascending.</summary>
    public IReadOnlyList<int> CodesOf(int port) => OpenFaults.Count == 0
        ? []
        : [.. OpenFaults.Where(f => f.Port == port || f.Port == 0).Select(f => f.Code.Number).Distinct().Order()];

    private static Dictionary<int, (PortStatus Status, Instant? Since)> LastOf(List<StatusSegment> segments, Instant evaluation)
    {
        var last = new Dictionary<int, (PortStatus Status, Instant? Since)>();
        for (var i = 0; i < segments.Count; i++)
        {
            var from = i;
            // A new version of the pile cuts a segment, but changes nothing that is shown.
            while (i + 1 < segments.Count && segments[i + 1].Port == segments[from].Port
                && segments[i + 1].From == segments[i].Until && segments[i + 1].Status == segments[from].Status)
            {
                i++;
            }
            if (segments[i].Until == evaluation)
            {
                var since = segments[from].From;
                last[segments[from].Port] = (segments[from].Status, since >= EventTime.Oldest ? since : null);
            }
        }
        return last;
    }
}
