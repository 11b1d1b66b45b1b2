using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>One version of an asset as the database has it. Nothing but <see cref="SupersededAt"/> ever changes, and that once.
/// Moments are milliseconds since the epoch.</summary>
internal abstract class AssetRow
{
    public long RowId { get; set; }

    public required string Id { get; set; }

    public required long ValidFrom { get; set; }

    public required long? ValidUntil { get; set; }

    public required long RecordedAt { get; set; }

    public long? SupersededAt { get; set; }

    protected Validity Validity => new(new Instant(ValidFrom), ValidUntil is { } until ? new Instant(until) : null);

    public abstract IAsset ToAsset();

    public static AssetRow Of(IAsset asset, Instant recordedAt) => asset switch
    {
        Area area => AreaRow.Of(area, recordedAt),
        Pile pile => PileRow.Of(pile, recordedAt),
        Truck truck => TruckRow.Of(truck, recordedAt),
        Route route => RouteRow.Of(route, recordedAt),
        CollectionPoint point => PointRow.Of(point, recordedAt),
        Bin bin => BinRow.Of(bin, recordedAt),
        CollectionWindow window => WindowRow.Of(window, recordedAt),
        Assignment assignment => AssignmentRow.Of(assignment, recordedAt),
        _ => throw new ArgumentException($"{asset.GetType().Name} is not an asset that is kept.", nameof(asset)),
    };

    protected static TimeSpan Milliseconds(long value) => new(value * TimeSpan.TicksPerMillisecond);

    protected static long Milliseconds(TimeSpan value) => value.Ticks / TimeSpan.TicksPerMillisecond;
}
