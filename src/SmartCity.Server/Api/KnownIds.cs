using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api;

/// <summary>The ids of one kind that a registry ever held.</summary>
/// <param name="Name">What people call one: <c>pile</c>.</param>
/// <param name="IsRegistered">Answers without a search.</param>
/// <param name="All">Every id, also those that others only refer to.</param>
internal readonly record struct KnownKind(string Name, Func<string, bool> IsRegistered, Func<IEnumerable<string>> All)
{
    private const int NearMax = 3;
    private const int FewMax = 6;
    private const int ShownMax = 64;

    /// <summary>Whether there is, or was, such a thing.</summary>
    public bool Contains(string id) => IsRegistered(id) || All().Contains(id, StringComparer.Ordinal);

    /// <summary>Says that there is none, and which ids look like it.</summary>
    public string Refuse(string id)
    {
        var shown = id.Length <= ShownMax ? id : id[..ShownMax] + "...";
        var near = EditDistance.NearestOf(shown, All().Distinct(StringComparer.Ordinal), NearMax);
        var few = All().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(FewMax + 1).ToList();
        return $"there is no {Name} '{shown}' in the registry, and never was. "
            + (near.Count > 0 ? $"Near it: {string.Join(", ", near)}."
                : few.Count is > 0 and <= FewMax ? $"There are {string.Join(", ", few)}."
                : "ListAssets (smartcity assets list) has the ids.");
    }
}

/// <summary>Every id that a registry ever held, whenever it was valid.</summary>
internal sealed class KnownIds(RegistrySnapshot registry)
{
    public KnownKind Piles => new(
        "pile", id => registry.Knows(DeviceKind.Pile, id), () => registry.Piles.Select(p => p.Id));

    public KnownKind Trucks => new(
        "truck", id => registry.Knows(DeviceKind.Truck, id), () => registry.Trucks.Select(t => t.Id));

    public KnownKind Points => new(
        "collection point", id => registry.Knows(DeviceKind.Point, id), () => registry.Points.Select(p => p.Id));

    public KnownKind Routes => new(
        "route", id => registry.RouteVersions(id).Count > 0,
        () => registry.Routes.Select(r => r.Id).Concat(registry.Assignments.Select(a => a.RouteId).OfType<string>()));

    /// <summary>The words of windows, as MORNING.</summary>
    public KnownKind Windows => new(
        "window", key => registry.Windows.Any(w => w.Key == key), () => registry.Windows.Select(w => w.Key));

    /// <summary>The areas of a level. An area that assets name without its being registered has things in it, too.</summary>
    public KnownKind Find(AreaKind level) => new(
        level switch
        {
            AreaKind.District => "district",
            AreaKind.Subdistrict => "subdistrict",
            AreaKind.Compound => "compound",
            _ => "grid",
        },
        id => registry.AreaVersions(id).Any(area => area.Kind == level),
        () => registry.Areas.Where(area => area.Kind == level).Select(area => area.Id).Concat(Named(level).OfType<string>()));

    private IEnumerable<string?> Named(AreaKind level) => level switch
    {
        AreaKind.Compound => registry.Piles.Select(p => p.CompoundId).Concat(registry.Points.Select(p => p.CompoundId)),
        AreaKind.Grid => registry.Areas.Select(a => a.GridId),
        AreaKind.Subdistrict => registry.Areas.Where(a => a.Kind is AreaKind.Compound or AreaKind.Grid).Select(a => a.ParentId),
        _ => registry.Areas.Where(a => a.Kind == AreaKind.Subdistrict).Select(a => a.ParentId)
            .Concat(registry.Trucks.Select(t => t.DistrictId)).Concat(registry.Routes.Select(r => r.DistrictId)),
    };
}
