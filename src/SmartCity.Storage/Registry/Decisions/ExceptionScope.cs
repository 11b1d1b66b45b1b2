namespace SmartCity.Storage.Registry.Decisions;

/// <summary>What an exception is about: whatever any list names, or the whole city.</summary>
/// <param name="Trucks">What was assigned to these trucks.</param>
/// <param name="Routes">What was to be served on these routes.</param>
public sealed record ExceptionScope(
    IReadOnlyList<string> Districts, IReadOnlyList<string> Subdistricts, IReadOnlyList<string> Compounds,
    IReadOnlyList<string> Grids, IReadOnlyList<string> Points, IReadOnlyList<string> Trucks, IReadOnlyList<string> Routes,
    bool IsCity);
