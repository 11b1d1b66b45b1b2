using SmartCity.Domain.Registry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>How one kind of asset looks in a file.</summary>
/// <param name="ListName">The kind's list in JSON.</param>
/// <param name="Columns">In the order of an export, without id and validity, which every kind has.</param>
/// <param name="ImportOnly">Columns that an export has no need of.</param>
/// <param name="Read">Reads the asset of a row. What is wrong is told to the fields; the result is then worth nothing.</param>
internal sealed record AssetForm(
    AssetKind Kind, string ListName, IReadOnlyList<AssetColumn> Columns, IReadOnlyList<string> ImportOnly,
    Func<AssetFields, IAsset> Read)
{
    public const string ValidFrom = "valid_from";
    public const string ValidUntil = "valid_until";

    /// <summary>The forms of all kinds.</summary>
    public static IReadOnlyDictionary<AssetKind, AssetForm> All { get; } = new AssetForm[]
    {
        PlaceForms.Area, PlaceForms.Pile, FleetForms.Truck, FleetForms.Route, PlaceForms.Point, PlaceForms.Bin,
        ScheduleForms.Window, ScheduleForms.Assignment,
    }.ToDictionary(form => form.Kind);

    /// <summary>Every column a file of this kind may have.</summary>
    public IEnumerable<string> KnownColumns => ["id", .. Columns.Select(c => c.Name), ValidFrom, ValidUntil, .. ImportOnly];

    /// <summary>The zone whose days an asset's validity is told in.</summary>
    public static TimeZoneInfo ZoneOf(IAsset asset) =>
        asset is CollectionWindow window ? TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone) : LocalDays.City;

    /// <summary>A column of assets of type <typeparamref name="T"/>.</summary>
    public static AssetColumn Column<T>(string name, Func<T, object?> value) where T : IAsset =>
        new(name, asset => value((T)asset));

    /// <summary>What an export writes in every column.</summary>
    public IEnumerable<(string Name, object? Value)> Write(IAsset asset) =>
    [
        ("id", asset.Id), .. Columns.Select(c => (c.Name, c.Value(asset))),
        (ValidFrom, LocalDays.Write(asset.Validity.From, ZoneOf(asset))),
        (ValidUntil, asset.Validity.Until is { } until ? LocalDays.Write(until, ZoneOf(asset)) : null),
    ];
}
