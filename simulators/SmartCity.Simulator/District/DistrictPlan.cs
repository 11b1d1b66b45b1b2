namespace SmartCity.Simulator.District;

/// <summary>What the simulated district owns. Only the published names are real; the rest says that it is an example.</summary>
internal sealed record DistrictPlan(
    int Seed, IReadOnlyList<AreaPlan> Areas, IReadOnlyList<PilePlan> Piles, IReadOnlyList<TruckPlan> Trucks,
    IReadOnlyList<RoutePlan> Routes, IReadOnlyList<PointPlan> Points, IReadOnlyList<WindowPlan> Windows)
{
    public const string DistrictId = "220204";

    /// <summary>Where trucks park.</summary>
    public static Place Depot { get; } = new(-4200, -900);

    /// <summary>Where trucks unload, one in the west and one in the east.</summary>
    public static IReadOnlyList<Place> TransferStations { get; } = [new(-3300, 2300), new(3300, -2300)];
}

internal enum AreaLevel
{
    District = 1,
    Subdistrict = 2,
    Compound = 3,
    Grid = 4,
}

internal sealed record AreaPlan(string Id, AreaLevel Level, string Name, string? ParentId, string? GridId);

/// <summary><see cref="Popularity"/> scales the demand at its ports.</summary>
internal sealed record PilePlan(string Id, string Name, string CompoundId, Place Place, double Popularity);

internal sealed record TruckPlan(string Id, string Plate, string RouteId);

/// <summary>The points of a route in the order of driving.</summary>
internal sealed record RoutePlan(string Id, string Name, IReadOnlyList<PointPlan> Stops);

internal sealed record PointPlan(
    string Id, string Name, string CompoundId, Place Place, int Households, bool HasSensors, IReadOnlyList<BinPlan> Bins);

internal sealed record BinPlan(string Id, string Epc, double VolumeL);

/// <summary>Minutes after local midnight.</summary>
internal sealed record WindowPlan(string Key, int StartMinute, int EndMinute);
