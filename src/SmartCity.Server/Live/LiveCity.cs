using System.Collections.Concurrent;
using System.Security.Cryptography;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>
/// The latest state of every pile, truck and point: a projection of the records, the same whatever their order, number and
/// delay. One feeder applies messages; any number of readers ask, each time for the state at this instant.
/// </summary>
/// <param name="registry">Gives the present registry.</param>
/// <param name="rules">By which a truck stands at a point.</param>
/// <param name="sessionMax">A charging session without a word for so long is over.</param>
internal sealed class LiveCity(
    Func<RegistrySnapshot> registry, SanitationRules rules, TimeSpan sessionMax, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, LivePile> piles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LiveTruck> trucks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LivePoint> points = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource rebuilt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock drawing = new();
    private volatile CityMap map = new(RegistrySnapshot.Empty, Instant.Max, 0);

    /// <summary>Numbers and announces changes.</summary>
    public ChangeCounter Changes { get; } = new();

    /// <summary>Tells this run's numbers of changes from those of others.</summary>
    public ulong Epoch { get; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Completes when the state was rebuilt from the store: what it says before is not the whole truth.</summary>
    public Task Rebuilt => rebuilt.Task;

    /// <summary>This instant.</summary>
    public Instant Now => Instant.From(clock.GetUtcNow());

    /// <summary>What is in service at an instant.</summary>
    public CityMap MapAt(Instant now)
    {
        var known = registry();
        var drawn = map;
        if (drawn.Holds(known, now))
        {
            return drawn;
        }
        lock (drawing)
        {
            if (!map.Holds(known, now))
            {
                Draw(known, now);
            }
            return map;
        }
    }

    /// <summary>Takes in a message. To be called by one thread at a time; what was applied before changes nothing.</summary>
    public void Apply(TelemetryMessage message) => Device(message.Kind, message.Device)?.Apply(message);

    /// <summary>Takes over what the store has. Messages that come in meanwhile may be applied before or after.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async Task RebuildAsync(ITelemetryStore store, CancellationToken cancellation)
    {
        var now = Now;
        MapAt(now); // How long a pile may be silent decides how what is read is kept.
        await new Rebuild(store, this, sessionMax, now).RunAsync(cancellation);
        Refresh();
        rebuilt.TrySetResult();
    }

    /// <summary>The device; made when it is new.</summary>
    public LiveDevice? Device(DeviceKind kind, string id) => kind switch
    {
        DeviceKind.Pile => piles.GetOrAdd(id, id => new LivePile(id, sessionMax)),
        DeviceKind.Truck => trucks.GetOrAdd(id, static id => new LiveTruck(id)),
        DeviceKind.Point => points.GetOrAdd(id, static id => new LivePoint(id)),
        _ => null,
    };

    /// <summary>A pile in service at an instant.</summary>
    public PileState Pile(string id, Instant now) => piles[id].Read(now, Changes);

    /// <summary>A truck in service at an instant.</summary>
    public TruckState Truck(string id, Instant now) => trucks[id].Read(now, Changes);

    /// <summary>A collection point in service at an instant.</summary>
    public PointState Point(string id, Instant now) => points[id].Read(now, Changes);

    /// <summary>Looks what time and messages changed, and tells those who wait.</summary>
    public void Refresh()
    {
        var now = Now;
        var drawn = MapAt(now);
        foreach (var pile in drawn.Piles)
        {
            Pile(pile.Asset.Id, now);
        }
        foreach (var truck in drawn.Trucks)
        {
            Truck(truck.Asset.Id, now);
        }
        foreach (var point in drawn.Points)
        {
            Point(point.Asset.Id, now);
        }
        Changes.Announce();
    }

    private void Draw(RegistrySnapshot known, Instant now)
    {
        var drawn = new CityMap(known, now, Changes.Next());
        var whereabouts = new Whereabouts(known, rules);
        var inService = drawn.Piles.ToDictionary(p => p.Asset.Id, p => p.Asset, StringComparer.Ordinal);
        foreach (var versions in known.Piles.GroupBy(p => p.Id, StringComparer.Ordinal))
        {
            piles.GetOrAdd(versions.Key, id => new LivePile(id, sessionMax))
                .Register([.. versions], inService.GetValueOrDefault(versions.Key));
        }
        foreach (var truck in drawn.Trucks)
        {
            trucks.GetOrAdd(truck.Asset.Id, static id => new LiveTruck(id)).Register(truck.Asset, whereabouts);
        }
        foreach (var point in drawn.Points)
        {
            points.GetOrAdd(point.Asset.Id, static id => new LivePoint(id));
        }
        map = drawn;
    }
}
