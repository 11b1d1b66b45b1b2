using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>A small made-up town: one district, points along a road, trucks on one route. Places are metres east and north of
/// the depot; times are local (Asia/Shanghai) on Monday, 23 November 2026, or as written.</summary>
internal sealed class Town
{
    public static readonly DateOnly Monday = new(2026, 11, 23);

    private static readonly Validity Always = new(new Instant(0), null);
    private static readonly CollectionWindow[] Usual =
    [
        UsualWindow("MORNING", new(4, 30), new(8, 0)), UsualWindow("NOON", new(11, 0), new(14, 0)),
        UsualWindow("EVENING", new(17, 0), new(21, 0)),
    ];

    private readonly List<Area> areas = [];
    private readonly List<CollectionPoint> points = [];
    private readonly List<Truck> trucks = [];
    private readonly List<Bin> bins = [];
    private readonly List<CollectionWindow> windows = [];
    private readonly List<Assignment> assignments = [];
    private readonly List<TruckLog> logs = [];
    private readonly List<BinRecord> fills = [];
    private readonly List<ObligationException> exceptions = [];
    private readonly List<EvidenceAcceptance> acceptances = [];

    public SanitationRules Rules { get; init; } = SanitationRules.Default;

    public Town()
    {
        areas.Add(new Area("D", Always, AreaKind.District, "District", null, null));
        areas.Add(new Area("S", Always, AreaKind.Subdistrict, "Street", "D", null));
        areas.Add(new Area("C", Always, AreaKind.Compound, "Compound", "S", "G"));
        areas.Add(new Area("G", Always, AreaKind.Grid, "Grid", "S", null));
    }

    public static Instant At(string local)
    {
        var date = local.Length > 8 ? local : $"2026-11-23 {local}";
        return Instant.From(DateTimeOffset.Parse($"{date} +08:00", CultureInfo.InvariantCulture));
    }

    /// <summary>A place so many metres east and north of the depot.</summary>
    public static GeoPoint Place(double east, double north = 0)
    {
        const double Degree = 111_195.08;
        return new GeoPoint(43.85 + (north / Degree), 126.55 + (east / Degree / Math.Cos(43.85 * Math.PI / 180)));
    }

    /// <summary>A point with its windows served by route R.</summary>
    public Town Point(
        string id, double east, string windowKeys = "MORNING", Validity? validity = null, string? truck = null, string? route = "R",
        string compound = "C", int sequence = 1)
    {
        points.Add(new CollectionPoint(id, validity ?? Always, $"Point {id}", compound, Place(east), 40, TimeSpan.FromSeconds(30), 100));
        foreach (var key in windowKeys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            assignments.Add(new Assignment($"{id}-{key}-{assignments.Count}", Always, id, key, route, truck, 0b111_1111, sequence));
        }
        return this;
    }

    public Town Assign(string pointId, string key, byte weekdays = 0b111_1111, Validity? validity = null, string? truck = null)
    {
        assignments.Add(new Assignment($"A{assignments.Count}", validity ?? Always, pointId, key, "R", truck, weekdays, 1));
        return this;
    }

    public Town Truck(
        string id, string? route = "R", bool tracked = true, int intervalS = 30, string district = "D", Validity? validity = null)
    {
        trucks.Add(new Truck(id, validity ?? Always, $"JI-{id}", district, route, tracked, TimeSpan.FromSeconds(intervalS)));
        return this;
    }

    public Town Bin(string epc, string pointId, Validity? validity = null)
    {
        bins.Add(new Bin($"bin-{epc}-{bins.Count}", validity ?? Always, pointId, epc, 240));
        return this;
    }

    public Town Window(
        string key, string start, string end, string zone = "Asia/Shanghai", Validity? validity = null, int earlyS = 0, int graceS = 900,
        int beforeS = 3600, int afterS = 7200)
    {
        windows.Add(new CollectionWindow(
            $"w{windows.Count}", validity ?? Always, key, TimeOnly.Parse(start, CultureInfo.InvariantCulture),
            TimeOnly.Parse(end, CultureInfo.InvariantCulture), zone, TimeSpan.FromSeconds(earlyS), TimeSpan.FromSeconds(graceS),
            TimeSpan.FromSeconds(beforeS), TimeSpan.FromSeconds(afterS)));
        return this;
    }

    /// <summary>A truck that reports all day; where it is, the log says.</summary>
    public TruckLog Log(string truckId)
    {
        var log = new TruckLog(truckId);
        logs.Add(log);
        return log;
    }

    public Town Fill(string pointId, string local, double ratio, string binId = "b1")
    {
        var time = At(local);
        var stamp = new Stamp(pointId, time, time, new Instant(0), fills.Count, 0, StampFlags.None);
        fills.Add(new BinRecord(stamp, binId, ratio, null, null));
        return this;
    }

    /// <summary>An exception for the Monday, declared by Li and approved by Wang a minute later, unless told otherwise.</summary>
    public Town Except(ExceptionKind kind, string declared, Func<ObligationException, ObligationException>? otherwise = null)
    {
        var exception = new ObligationException(
            $"X{exceptions.Count}", kind, "SNOW_EMERGENCY", null, null, Monday, Monday, "Li", At(declared))
        {
            Approver = "Wang",
            Approved = At(declared) + TimeSpan.FromMinutes(1),
        };
        exceptions.Add(otherwise?.Invoke(exception) ?? exception);
        return this;
    }

    /// <summary>A supervisor accepts a confirmation or picture.</summary>
    public Town Accept(EvidenceRecord record, string local)
    {
        var stamp = record.Stamp;
        acceptances.Add(new EvidenceAcceptance(
            stamp.Device, stamp.BootReceived, stamp.Sequence, stamp.Index, "Zhao", At(local)));
        return this;
    }

    /// <summary>Everything that is registered, with the route.</summary>
    public IEnumerable<IAsset> Assets =>
    [
        .. areas, new Route("R", Always, "Route R", "D"), .. trucks, .. points, .. bins, .. windows, .. assignments,
    ];

    /// <summary>The same, with the usual windows for keys that the test has registered none for.</summary>
    public RegistrySnapshot Registry => new(
        areas, [], trucks, [], points, bins, [.. windows, .. Usual.Where(u => !windows.Exists(w => w.Key == u.Key))], assignments);

    public ObligationPlan Plan(DateOnly first, DateOnly last) => ObligationPlan.Of(Registry, Rules, first, last);

    public SanitationOutcome Judge(string evaluation = "2026-11-25 12:00:00", DateOnly? first = null, DateOnly? last = null)
    {
        var at = At(evaluation);
        var records = SanitationRecords.Of(logs.SelectMany(l => l.Positions()), [.. logs.SelectMany(l => l.Evidence)], fills, Rules, at);
        var plan = ObligationPlan.Of(
            Registry, Rules, first ?? Monday, last ?? first ?? Monday, null, ApprovedExceptions.Of(exceptions, at));
        return SanitationEvaluation.Of(plan, records with { Acceptances = acceptances }, at);
    }

    /// <summary>The outcome at a point in a window on the Monday.</summary>
    public ObligationOutcome Outcome(string pointId = "P", string key = "MORNING", string evaluation = "2026-11-25 12:00:00") =>
        Judge(evaluation).Obligations.Single(o => o.Obligation.Id == $"{pointId}/2026-11-23/{key}");

    public Verdict Verdict(string pointId = "P", string key = "MORNING", string evaluation = "2026-11-25 12:00:00") =>
        Outcome(pointId, key, evaluation).Verdict;

    private static CollectionWindow UsualWindow(string key, TimeOnly start, TimeOnly end) => new(
        "usual-" + key, new Validity(Instant.Min, null), key, start, end, LocalDay.CityZone, TimeSpan.Zero,
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(120));
}
