using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>Fills the live state from the store, at the start. Reads what decides the present, not the whole past.</summary>
internal sealed class Rebuild(ITelemetryStore store, LiveCity city, TimeSpan sessionMax, Instant now)
{
    // How far back sessions and bins are looked for.
    private static readonly TimeSpan Recent = TimeSpan.FromHours(12);

    // How far back the beginning of a status is looked for: a port may say again every day that it is free.
    private static readonly TimeSpan StatusesBack = TimeSpan.FromDays(7);

    // Enough to see when a pile that is back came back.
    private static readonly TimeSpan SilencesBack = TimeSpan.FromDays(1);

    // Wills carry the time of the connection they end, which may lie long before.
    private static readonly TimeSpan ConnectionsBack = TimeSpan.FromDays(30);

    // Stands for the hashes of messages, which the store does not give back: every record comes once.
    private ulong applied;

    /// <summary>Reads and applies. May be repeated after a failure.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Silences first: single records further back would look like the ends of silences otherwise.
        await HeardAsync(DeviceKind.Pile, DerivedHeard, cancellation);
        await HeardAsync(DeviceKind.Truck, DerivedHeard, cancellation);
        await HeardAsync(DeviceKind.Point, DerivedHeard, cancellation);
        await LastAsync<StatusRecord>(DeviceKind.Pile, Channel.Status, StatusesBack, cancellation);
        await LastAsync<MeterRecord>(DeviceKind.Pile, Channel.Meter, TimeSpan.Zero, cancellation);
        await LastAsync<SessionRecord>(DeviceKind.Pile, Channel.Session, sessionMax, cancellation, wholeSessions: true);
        await LastAsync<ConnRecord>(DeviceKind.Pile, Channel.Conn, ConnectionsBack, cancellation);
        await LastAsync<PositionRecord>(DeviceKind.Truck, Channel.Position, TimeSpan.FromMinutes(15), cancellation);
        await LastAsync<BinRecord>(DeviceKind.Point, Channel.Bin, Recent, cancellation);
        // A fault may have been open for ever, and the last record of a port says nothing about its other codes.
        await ApplyAsync<FaultRecord>(
            DeviceKind.Pile, Channel.Fault, store.ReadAsync<FaultRecord>(Query(DeviceKind.Pile, Instant.Min), cancellation));
    }

    private static TimeSpan DerivedHeard => Domain.Charging.DerivedStatus.OfflineAfter(TimeSpan.Zero);

    private RecordQuery Query(DeviceKind kind, Instant from, bool wholeSessions = false) =>
        new(kind, null, from, now + EventTime.AheadMax + TimeSpan.FromMinutes(1), Instant.Max,
            wholeSessions ? from : null);

    private async Task LastAsync<T>(
        DeviceKind kind, Channel channel, TimeSpan back, CancellationToken cancellation, bool wholeSessions = false)
        where T : struct, ITelemetryRecord
    {
        await ApplyAsync(kind, channel, store.ReadLastBeforeAsync<T>(Query(kind, now - back), cancellation));
        await ApplyAsync(kind, channel, store.ReadAsync<T>(Query(kind, now - back, wholeSessions), cancellation));
    }

    private async Task ApplyAsync<T>(DeviceKind kind, Channel channel, IAsyncEnumerable<T> records)
        where T : struct, ITelemetryRecord
    {
        await foreach (var record in records)
        {
            var stamp = record.Stamp;
            city.Apply(new TelemetryMessage<T>(
                kind, stamp.Device, channel, "", stamp.Sequence, ++applied, stamp.Received, -1, null, [record]));
        }
    }

    private async Task HeardAsync(DeviceKind kind, TimeSpan longerThan, CancellationToken cancellation)
    {
        var query = Query(kind, now - SilencesBack);
        string? device = null;
        var from = Instant.Min;
        await foreach (var silence in store.ReadSilencesAsync(query, longerThan, cancellation))
        {
            // Before the first silence found the device was heard all the time, as far back as it matters.
            from = silence.Device == device ? from : Instant.Min;
            city.Device(kind, silence.Device)?.ApplyHeard(Instant.Earlier(from, silence.From), silence.From);
            (device, from) = (silence.Device, silence.Until ?? Instant.Max);
        }
    }
}
