using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>The live state of one truck.</summary>
internal sealed class LiveTruck(string id) : LiveDevice(id)
{
    // The last ones may be unusable; a usable one is looked for among so many.
    private const int PositionsMax = 16;
    private static readonly TimeSpan StaleMin = TimeSpan.FromSeconds(120);
    private readonly Trail<PositionRecord> positions = new(PositionsMax, (_, _) => false);
    private Whereabouts? whereabouts;
    private TimeSpan staleAfter = StaleMin;
    private TruckState state = new(id, null, null, null, true, null, null, null, 0);

    /// <summary>Takes over what the registry says.</summary>
    public void Register(Truck truck, Whereabouts places)
    {
        lock (Gate)
        {
            whereabouts = places;
            staleAfter = truck.PositionInterval * 2 > StaleMin ? truck.PositionInterval * 2 : StaleMin;
            Invalidate();
        }
    }

    /// <summary>The state at an instant.</summary>
    public TruckState Read(Instant now, ChangeCounter changes)
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
            case TelemetryMessage<PositionRecord> position:
                TakeAll(position, record => positions.Add(record));
                break;
            case TelemetryMessage<EvidenceRecord> evidence:
                TakeAll(evidence, _ => { });
                break;
            case TelemetryMessage<ConnRecord> conn:
                TakeConnections(conn, _ => { });
                break;
        }
    }

    protected override Instant Evaluate(Instant now, ChangeCounter changes)
    {
        var here = whereabouts?.Of(Id, [.. positions.Records], now);
        // Trackers report less often while the truck is parked.
        var limit = here?.ParkedFor is { } parked && parked > staleAfter ? parked : staleAfter;
        var stale = here is not { } at || now - at.Time > limit;
        var shown = new TruckState(
            Id, here?.Place, here?.Time, here?.SpeedKmh, stale, here?.PointId, Heard.LastAt(now), LatestReceived, state.Version)
        {
            HeadingDeg = here is { } fix ? HeadingAt(fix.Time) : null,
        };
        state = shown.Shows(state) ? shown : shown with { Version = changes.Next() };
        var until = Instant.Earlier(positions.NextAfter(now), Heard.NextAfter(now));
        return stale ? until : Instant.Earlier(until, here!.Value.Time + limit + TimeSpan.FromMilliseconds(1));
    }

    private double? HeadingAt(Instant time)
    {
        foreach (var record in positions.Records)
        {
            if (record.Stamp.Time == time)
            {
                return record.HeadingDeg;
            }
        }
        return null;
    }
}
