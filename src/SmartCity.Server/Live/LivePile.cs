using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>The live state of one pile and its ports.</summary>
internal sealed class LivePile(string id) : LiveDevice(id)
{
    private static readonly TimeSpan MeterMin = TimeSpan.FromSeconds(120);
    private readonly PileWords words = new();
    private IReadOnlyList<Pile> versions = [];
    private Pile? current;
    private TimeSpan offlineAfter;
    private TimeSpan meterCurrentFor = MeterMin;
    private PileTimeline? timeline;
    private (int Edition, int Shape) computedFor;
    private Instant computedAt;
    private PileState state = new(id, [], null, null, false, 0);

    /// <summary>Takes over what the registry says.</summary>
    /// <param name="all">All versions, oldest first.</param>
    /// <param name="valid">The one that holds now; null while it is not commissioned.</param>
    public void Register(IReadOnlyList<Pile> all, Pile? valid)
    {
        lock (Gate)
        {
            (versions, current, timeline) = (all, valid, null);
            offlineAfter = DerivedStatus.OfflineAfter(valid?.ReportInterval ?? TimeSpan.Zero);
            meterCurrentFor = valid?.ReportInterval * 2 is { } two && two > MeterMin ? two : MeterMin;
            // Silences of any version have to show in the runs.
            SilenceMax = all.Select(v => DerivedStatus.OfflineAfter(v.ReportInterval)).Append(offlineAfter).Min();
            Invalidate();
        }
    }

    /// <summary>The state at an instant.</summary>
    public PileState Read(Instant now, ChangeCounter changes)
    {
        lock (Gate)
        {
            Refresh(now, changes);
            return state;
        }
    }

    protected override void Take(TelemetryMessage message)
    {
        switch (message)
        {
            case TelemetryMessage<MeterRecord> meter:
                TakeAll(meter, words.Add);
                break;
            case TelemetryMessage<StatusRecord> status:
                TakeAll(status, words.Add);
                break;
            case TelemetryMessage<SessionRecord> session:
                TakeAll(session, words.Add);
                break;
            case TelemetryMessage<FaultRecord> fault:
                TakeAll(fault, words.Add);
                break;
            case TelemetryMessage<ConnRecord> conn:
                TakeConnections(conn, words.AddWill);
                break;
        }
    }

    protected override Instant Evaluate(Instant now, ChangeCounter changes)
    {
        if (current is null)
        {
            Show([], now, offline: false);
            return Instant.Max;
        }
        var last = Heard.LastAt(now);
        if (TimelineIsOld(now, last))
        {
            timeline = PileTimeline.Of(Id, versions, words, Heard, now);
            computedFor = (words.Edition, Heard.Shape);
            computedAt = now;
        }
        var until = Instant.Earlier(timeline!.Until, last is null ? Instant.Max : SilenceEnd(last.Value, now));
        var stale = last is null || now - last.Value > offlineAfter / 2;
        var ports = new PortState[current.Ports];
        for (var port = 1; port <= ports.Length; port++)
        {
            ports[port - 1] = Port(port, now, stale, changes, ref until);
        }
        Show(ports, now, timeline.Offline);
        return until;
    }

    // Most messages are meter samples, which do not change what the ports of a pile in touch show: then the timeline holds on.
    private bool TimelineIsOld(Instant now, Instant? last) => timeline is null || now < computedAt || now >= timeline.Until
        || computedFor != (words.Edition, Heard.Shape) || timeline.Offline || (last is { } at && now - at >= offlineAfter);

    private Instant SilenceEnd(Instant last, Instant now)
    {
        var stale = last + (offlineAfter / 2) + TimeSpan.FromMilliseconds(1);
        var offline = last + offlineAfter;
        return stale > now ? stale : offline > now ? offline : Instant.Max;
    }

    private PortState Port(int number, Instant now, bool stale, ChangeCounter changes, ref Instant until)
    {
        var (status, since) = timeline!.Ports.GetValueOrDefault(number);
        var words = this.words.Find(number);
        var reported = words?.Statuses.At(now);
        var (session, sessionUntil) = words?.Sessions.At(now) ?? (null, Instant.Max);
        until = Instant.Earlier(until, Instant.Earlier(sessionUntil, words?.Samples.NextAfter(now) ?? Instant.Max));
        var known = reported?.Status is { } word and not PortStatus.Offline ? word : PortStatus.Unknown;
        var before = number <= state.Ports.Count ? state.Ports[number - 1] : null;
        var meter = words?.Samples.At(now);
        var current = meter is { } sample && status != PortStatus.Offline && MeterIsCurrent(sample.Stamp.Time, reported, now);
        until = current ? Instant.Earlier(until, meter!.Value.Stamp.Time + meterCurrentFor + TimeSpan.FromMilliseconds(1)) : until;
        var shown = new PortState(
            number, status, known, since, stale, session, meter, reported?.VendorStatus, timeline.CodesOf(number), 0)
        {
            MeterCurrent = current,
        };
        return before is not null && before.Shows(shown) ? before : shown with { Version = changes.Next() };
    }

    // What a port measured while it charged is not what it gives since it said that it does not.
    private bool MeterIsCurrent(Instant measured, StatusRecord? reported, Instant now) => now - measured <= meterCurrentFor
        && (reported is not { Status: not (PortStatus.Charging or PortStatus.Floating) } said || measured >= said.Stamp.Time);

    private void Show(PortState[] ports, Instant now, bool offline) => state = new PileState(
        Id, ports, Heard.LastAt(now), LatestReceived, offline, ports.Length == 0 ? 0 : ports.Max(port => port.Version));
}
