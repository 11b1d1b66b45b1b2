using Microsoft.Extensions.Time.Testing;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Live;

namespace SmartCity.Tests.Live;

/// <summary>A small town with a clock of its own: piles p1 (two ports) and p2 (one), truck t1, points q1 and q2.</summary>
internal sealed class Town
{
    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private static readonly Validity Always = new(Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), null);

    public Town(RegistrySnapshot? registry = null, double sessionHours = 12)
    {
        Registry = registry ?? Assets();
        City = new LiveCity(() => Registry, SanitationRules.Default, TimeSpan.FromHours(sessionHours), Clock);
    }

    public FakeTimeProvider Clock { get; } = new(Start.ToDateTimeOffset());

    public RegistrySnapshot Registry { get; set; }

    public LiveCity City { get; }

    public Instant Now => City.Now;

    public static RegistrySnapshot Assets(int piles = 2, int seconds = 60) => new(
        [
            new Area("220204", Always, AreaKind.District, "Chuanying", null, null),
            new Area("s1", Always, AreaKind.Subdistrict, "Nanjing Road", "220204", null),
            new Area("g1", Always, AreaKind.Grid, "Grid 1", "s1", null),
            new Area("c1", Always, AreaKind.Compound, "Compound 1", "s1", "g1"),
            new Area("c2", Always, AreaKind.Compound, "Compound 2", "s1", null),
        ],
        Enumerable.Range(1, piles).Select(i => new Pile(
            $"p{i}", Always, $"Pile {i}", i == 1 ? "c1" : "c2", PileKind.EbikeAc, i == 1 ? 2 : 1, 400,
            TimeSpan.FromSeconds(seconds), null, null, null)),
        [new Truck("t1", Always, "吉B12345", "220204", null, true, TimeSpan.FromSeconds(10))],
        [],
        [
            new CollectionPoint("q1", Always, "Gate", "c1", new GeoPoint(43.85, 126.55), 40, TimeSpan.FromSeconds(30), 100),
            new CollectionPoint("q2", Always, "Yard", "c1", new GeoPoint(43.8502, 126.55), 40, TimeSpan.FromSeconds(30), 100),
        ],
        [], [], []);

    public PortState Port(int port = 1, string pile = "p1")
    {
        var now = Now;
        City.MapAt(now);
        return City.Pile(pile, now).Ports[port - 1];
    }

    public TruckState Truck()
    {
        var now = Now;
        City.MapAt(now);
        return City.Truck("t1", now);
    }

    public void Pass(double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        City.Refresh();
    }

    public void Tell(params IEnumerable<TelemetryMessage> messages)
    {
        foreach (var message in messages)
        {
            City.Apply(message);
        }
    }
}
