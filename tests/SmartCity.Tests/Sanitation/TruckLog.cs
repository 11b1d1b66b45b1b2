using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>What one truck reports: every 30 s from Monday 00:00 to Tuesday 12:00, driving slowly around the depot, unless told
/// otherwise.</summary>
internal sealed class TruckLog(string truckId)
{
    private readonly List<(Instant From, Instant Until, double East, double? Speed)> stays = [];
    private readonly List<(Instant From, Instant Until)> blind = [];
    private readonly List<PositionRecord> extra = [];
    private bool isSilent;
    private long sequence;

    public List<EvidenceRecord> Evidence { get; } = [];

    /// <summary>Stands (or drives around) at a place in [from, until].</summary>
    public TruckLog Stay(string from, string until, double east, double? speed = 0)
    {
        stays.Add((Town.At(from), Town.At(until), east, speed));
        return this;
    }

    /// <summary>Reports nothing in (from, until).</summary>
    public TruckLog Blind(string from, string until)
    {
        blind.Add((Town.At(from), Town.At(until)));
        return this;
    }

    /// <summary>Reports only what is added one by one.</summary>
    public TruckLog Silent()
    {
        isSilent = true;
        return this;
    }

    public TruckLog Fix(
        string at, double east, double? speed = 0, double north = 0, double? accuracy = null, bool? valid = null,
        StampFlags flags = StampFlags.None)
    {
        var place = Town.Place(east, north);
        extra.Add(Position(Town.At(at), place, speed) with { AccuracyM = accuracy, FixValid = valid });
        extra[^1] = extra[^1] with { Stamp = extra[^1].Stamp with { Flags = flags } };
        return this;
    }

    /// <summary>A fix by a device whose clock is wrong, sent ten minutes later and dated as on arrival.</summary>
    /// <param name="ahead">How far ahead the clock is; behind when negative.</param>
    /// <param name="saysWhenSent">Whether the message says, by the same clock, when it was sent.</param>
    public TruckLog WrongClockFix(string at, double east, TimeSpan ahead, bool saysWhenSent = true)
    {
        var measured = Town.At(at);
        var sent = measured + TimeSpan.FromMinutes(10);
        var (time, flags) = EventTime.Of(measured + ahead, saysWhenSent ? sent + ahead : null, sent);
        var position = Position(measured, Town.Place(east), 0);
        extra.Add(position with { Stamp = position.Stamp with { Time = time, Received = sent, Flags = flags } });
        return this;
    }

    public TruckLog FixAtZero(string at)
    {
        extra.Add(Position(Town.At(at), new GeoPoint(0, 0), 0));
        return this;
    }

    public TruckLog Tag(string at, string? epc, string? pointId = null, double? east = null, StampFlags flags = StampFlags.None) =>
        Add(at, EvidenceType.RfidLift, pointId, epc, null, null, east, flags);

    public TruckLog Weight(string at, double? kg, string? pointId = null, double? east = null) =>
        Add(at, EvidenceType.WeightDelta, pointId, null, kg, null, east);

    public TruckLog Lift(string at, string? pointId = null, double? east = null, int? count = null) =>
        Add(at, EvidenceType.LiftActuation, pointId, null, null, count, east);

    public TruckLog Manual(string at, string? pointId = "P", double? east = null) =>
        Add(at, EvidenceType.Manual, pointId, null, null, null, east);

    public TruckLog Photo(string at, string? pointId = "P", double? east = null) =>
        Add(at, EvidenceType.Photo, pointId, null, null, null, east);

    public IEnumerable<PositionRecord> Positions()
    {
        var all = new List<PositionRecord>(extra);
        for (var at = Town.At("00:00:00"); !isSilent && at < Town.At("2026-11-24 12:00:00"); at += TimeSpan.FromSeconds(30))
        {
            if (blind.Exists(b => at > b.From && at < b.Until))
            {
                continue;
            }
            var index = stays.FindIndex(s => at >= s.From && at <= s.Until);
            all.Add(index < 0
                ? Position(at, Town.Place(0), 12)
                : Position(at, Town.Place(stays[index].East), stays[index].Speed));
        }
        return all;
    }

    private PositionRecord Position(Instant at, GeoPoint place, double? speed) =>
        new(StampAt(at, StampFlags.None), place.Lat, place.Lon, speed, null, 5, true);

    private TruckLog Add(
        string at, EvidenceType type, string? pointId, string? epc, double? kg, int? count, double? east,
        StampFlags flags = StampFlags.None)
    {
        GeoPoint? place = east is { } e ? Town.Place(e) : null;
        Evidence.Add(new EvidenceRecord(
            StampAt(Town.At(at), flags), type, pointId, epc, kg, count, null, null, place?.Lat, place?.Lon));
        return this;
    }

    private Stamp StampAt(Instant at, StampFlags flags) =>
        new(truckId, at, at + TimeSpan.FromSeconds(1), new Instant(0), sequence++, 0, flags);
}
