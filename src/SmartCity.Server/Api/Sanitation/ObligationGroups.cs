using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Protocol.V1;
using AreaKind = SmartCity.Domain.Registry.AreaKind;
using Obligation = SmartCity.Domain.Sanitation.Obligation;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>What an obligation is counted under, and what that is called.</summary>
internal sealed class ObligationGroups
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly Func<Obligation, (string Id, string Name)> groupOf;

    /// <exception cref="InvalidQueryException">Obligations cannot be grouped so.</exception>
    public ObligationGroups(RegistrySnapshot registry, GroupBy by) => groupOf = by switch
    {
        GroupBy.Unspecified => _ => ("", ""),
        GroupBy.Point => o => (o.Point.Id, o.Point.Name),
        GroupBy.Window => o => (o.Window.Key, o.Window.Key),
        GroupBy.Route => o => RouteOf(registry, o),
        GroupBy.Compound => o => AreaOf(registry, o, AreaKind.Compound),
        GroupBy.Subdistrict => o => AreaOf(registry, o, AreaKind.Subdistrict),
        GroupBy.District => o => AreaOf(registry, o, AreaKind.District),
        GroupBy.Grid => o => AreaOf(registry, o, AreaKind.Grid),
        _ => throw new InvalidQueryException(
            "group_by",
            $"{by} is no group of obligations. Use POINT, COMPOUND, SUBDISTRICT, DISTRICT, GRID, ROUTE or WINDOW, or leave it out."),
    };

    /// <summary>The group's id; its name is remembered.</summary>
    public string IdOf(Obligation obligation)
    {
        var (id, name) = groupOf(obligation);
        names[id] = name;
        return id;
    }

    public string NameOf(string groupId) => names.GetValueOrDefault(groupId, "");

    private static (string, string) AreaOf(RegistrySnapshot registry, Obligation obligation, AreaKind level) =>
        RegistryScope.GroupOf(registry, obligation.Point.CompoundId, level, obligation.Start);

    private static (string, string) RouteOf(RegistrySnapshot registry, Obligation obligation) => obligation.Assignment.RouteId is { } id
        ? (id, registry.FindRoute(id, obligation.Start)?.Name ?? $"unknown route {id}")
        : ("", "no route");
}
