using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>A small random registry around some dates, in a zone whose clocks may change on them.</summary>
internal sealed class RegistryGenerator(Random random, bool isTiny)
{
    private static readonly (string Zone, DateOnly Date)[] Days =
    [
        ("Asia/Shanghai", new(2026, 11, 23)), ("Asia/Shanghai", new(2026, 11, 28)), ("Asia/Kathmandu", new(2026, 11, 30)),
        ("Europe/Berlin", new(2026, 3, 28)), ("Europe/Berlin", new(2026, 10, 24)), ("America/New_York", new(2026, 3, 8)),
        ("America/New_York", new(2026, 10, 31)), ("Australia/Lord_Howe", new(2026, 4, 4)),
        ("Australia/Lord_Howe", new(2026, 10, 3)), ("America/Santiago", new(2026, 4, 4)), ("America/Santiago", new(2026, 9, 5)),
    ];

    /// <summary>The usual three, neighbours of theirs, and some around midnight and the change of clocks.</summary>
    private static readonly (string Key, TimeOnly Start, TimeOnly End)[] Windows =
    [
        ("MORNING", new(4, 30), new(8, 0)), ("NOON", new(11, 0), new(14, 0)), ("EVENING", new(17, 0), new(21, 0)),
        ("FORENOON", new(8, 40), new(10, 0)), ("NIGHT", new(22, 0), new(1, 30)), ("SMALL", new(2, 15), new(2, 45)),
        ("MIDNIGHT", new(0, 10), new(2, 30)),
    ];

    private readonly List<CollectionPoint> points = [];
    private readonly List<Bin> bins = [];
    private readonly List<CollectionWindow> windows = [];
    private readonly List<Assignment> assignments = [];
    private readonly List<Truck> trucks = [];

    public DateOnly First { get; private set; }

    public DateOnly Last { get; private set; }

    public Dictionary<string, Place> Places { get; } = [];

    public OracleRegistry Make()
    {
        var (zone, date) = Days[random.Next(Days.Length)];
        First = date.AddDays(random.Next(2));
        Last = !isTiny && random.Next(4) == 0 ? First.AddDays(1) : First;
        var chosen = random.GetItems(Windows, isTiny ? 1 : random.Next(1, 4)).Distinct().ToList();
        foreach (var (key, start, end) in chosen)
        {
            AddWindow(key, start, end, zone);
        }
        for (var i = random.Next(2, isTiny ? 4 : 6) - 1; i >= 0; i--)
        {
            AddPoint($"P{i}", zone);
            foreach (var (key, _, _) in chosen.Where(_ => random.Next(6) > 0))
            {
                AddAssignments($"P{i}", key, zone);
            }
        }
        for (var i = random.Next(1, isTiny ? 3 : 4) - 1; i >= 0; i--)
        {
            AddTruck($"T{i}", zone);
        }
        Area[] areas =
        [
            new("D", Always, AreaKind.District, "D", null, null), new("E", Always, AreaKind.District, "E", null, null),
            new("S", Always, AreaKind.Subdistrict, "S", "D", null), new("C", Always, AreaKind.Compound, "C", "S", "G"),
            new("G", Always, AreaKind.Grid, "G", "S", null),
        ];
        return new OracleRegistry(areas, trucks, points, bins, windows, assignments);
    }

    private static Validity Always => new(new Instant(0), null);

    /// <summary>Mostly always, else it begins, ends, or becomes another version.</summary>
    private IEnumerable<(Validity Validity, bool IsSecond)> Versions(Func<Instant> change, int oneIn)
    {
        var at = change();
        return random.Next(oneIn) > 0 ? [(Always, false)] : random.Next(3) switch
        {
            0 => [(new Validity(new Instant(0), at), false)],
            1 => [(new Validity(at, null), true)],
            _ => [(new Validity(new Instant(0), at), false), (new Validity(at, null), true)],
        };
    }

    private Func<Instant> AtMidnight(string zone) => () =>
    {
        var wall = new DateTimeOffset(First.AddDays(random.Next(-1, 3)).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var at = wall - TimeZoneInfo.FindSystemTimeZoneById(zone).GetUtcOffset(wall.AddDays(-1));
        return Instant.From(at);
    };

    private Func<Instant> AnyTime(string zone) => () =>
        AtMidnight(zone)() + TimeSpan.FromMinutes(random.Next(8) == 0 ? 270 : random.Next(1440));

    private void AddWindow(string key, TimeOnly start, TimeOnly end, string zone)
    {
        foreach (var (validity, isSecond) in Versions(AtMidnight(zone), 6))
        {
            var by = TimeSpan.FromMinutes(isSecond ? 30 : 0);
            windows.Add(new CollectionWindow(
                $"w{windows.Count}", validity, key, start.Add(by), end.Add(by), zone, Minutes(0, 0, 0, 10), Minutes(15, 15, 15, 0, 40),
                Minutes(60, 60, 0, 150), Minutes(120, 120, 0, 30, 240)));
        }
    }

    private TimeSpan Minutes(params int[] choices) => TimeSpan.FromMinutes(choices[random.Next(choices.Length)]);

    private void AddPoint(string id, string zone)
    {
        var near = Places.Count > 0 && random.Next(2) == 0 ? Places.Values.Last() : new Place(0, 0);
        var place = near.Off(random, near == default ? random.Next(100, 1500) : random.Next(20, 130));
        Places[id] = place;
        var radius = random.Next(4) == 0 ? 30 + (random.NextDouble() * 30) : 40;
        foreach (var (validity, isSecond) in Versions(AnyTime(zone), 7))
        {
            points.Add(new CollectionPoint(
                id, validity, id, "C", (isSecond ? place.Off(random, 60) : place).ToGeo(), radius,
                TimeSpan.FromSeconds(random.Next(3) == 0 ? 60 : 30), 100));
        }
        for (var bin = random.Next(4); bin > 0; bin--)
        {
            var epc = $"E{bins.Count}";
            foreach (var (validity, isSecond) in Versions(AnyTime(zone), 7))
            {
                bins.Add(new Bin($"b{epc}", validity, isSecond ? "P0" : id, epc, 240));
            }
        }
    }

    private void AddAssignments(string point, string key, string zone)
    {
        var weekdays = (byte)(random.Next(6) == 0 ? random.Next(128) : 127);
        foreach (var (validity, _) in Versions(AtMidnight(zone), 7))
        {
            assignments.Add(new Assignment(
                $"a{assignments.Count}", validity, point, key, random.Next(4) == 0 ? null : "R", random.Next(4) == 0 ? "T0" : null,
                weekdays, 1));
        }
    }

    private void AddTruck(string id, string zone)
    {
        var interval = TimeSpan.FromSeconds(random.Next(5) switch { 0 => 25, 1 => 150, 2 => 600, _ => 300 });
        foreach (var (validity, _) in Versions(AnyTime(zone), 8))
        {
            trucks.Add(new Truck(
                id, validity, id, random.Next(6) == 0 ? "E" : "D", random.Next(3) == 0 ? null : "R", random.Next(6) > 0, interval));
        }
    }
}
