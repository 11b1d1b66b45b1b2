using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>The live state of one pile and its ports.</summary>
internal sealed class LivePile(string id, TimeSpan sessionMax) : LiveDevice(id)
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
    private ShownPort[] shown = [];
    private (PileTimeline? Timeline, bool Stale) shownFor;

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
            shown = [];
            state = new PileState(Id, [], Heard.LastAt(now), LatestReceived, Offline: false, Version: 0);
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
        Show(Ports(now, stale, changes, ref until), now, timeline.Offline);
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

    // A message is about one port, mostly: the others show what they showed until their own time comes.
    private IReadOnlyList<PortState> Ports(Instant now, bool stale, ChangeCounter changes, ref Instant until)
    {
        var all = shown.Length != current!.Ports || shownFor != (timeline, stale);
        if (all)
        {
            Array.Resize(ref shown, current.Ports);
            shownFor = (timeline, stale);
        }
        var changed = state.Ports.Count != shown.Length;
        for (var i = 0; i < shown.Length; i++)
        {
            var before = shown[i];
            if (all || now < before.From || now >= before.Until || EditionOf(i + 1) != before.Edition)
            {
                shown[i] = Port(i + 1, before.State, now, stale, changes);
                changed |= !ReferenceEquals(before.State, shown[i].State);
            }
            until = Instant.Earlier(until, shown[i].Until);
        }
        return changed ? [.. shown.Select(port => port.State!)] : state.Ports;
    }

    private int EditionOf(int port) => words.Find(port)?.Edition ?? 0;

    private ShownPort Port(int number, PortState? before, Instant now, bool stale, ChangeCounter changes)
    {
        var (status, since) = timeline!.Ports.GetValueOrDefault(number);
        var said = words.Find(number);
        var reported = said?.Statuses.At(now);
        var (session, until) = said?.Sessions.At(now, sessionMax) ?? (null, Instant.Max);
        until = Instant.Earlier(until, said?.Samples.NextAfter(now) ?? Instant.Max);
        var known = reported?.Status is { } word and not PortStatus.Offline ? word : PortStatus.Unknown;
        var meter = said?.Samples.At(now);
        var current = meter is { } sample && status != PortStatus.Offline && MeterIsCurrent(sample.Stamp.Time, reported, now);
        until = current ? Instant.Earlier(until, meter!.Value.Stamp.Time + meterCurrentFor + TimeSpan.FromMilliseconds(1)) : until;
        var state = new PortState(
            number, status, known, since, stale, session, meter, reported?.VendorStatus, timeline.CodesOf(number), 0)
        {
            MeterCurrent = current,
        };
        return new ShownPort(
            before is not null && before.Shows(state) ? before : state with { Version = changes.Next() }, now, until,
            EditionOf(number));
    }

    // What a port measured while it charged is not what it gives since it said that it does not.
    private bool MeterIsCurrent(Instant measured, StatusRecord? reported, Instant now) => now - measured <= meterCurrentFor
        && (reported is not { Status: not (PortStatus.Charging or PortStatus.Floating) } said || measured >= said.Stamp.Time);

    private void Show(IReadOnlyList<PortState> ports, Instant now, bool offline) => state = new PileState(
        Id, ports, Heard.LastAt(now), LatestReceived, offline,
        ReferenceEquals(ports, state.Ports) ? state.Version : ports.Max(port => port.Version));

    // What a port shows from one instant until another, if it says nothing in between.
    private readonly record struct ShownPort(PortState? State, Instant From, Instant Until, int Edition);
}
