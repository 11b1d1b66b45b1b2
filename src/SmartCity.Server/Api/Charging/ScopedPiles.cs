using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>One pile of an answer.</summary>
/// <param name="Versions">All its versions, also those out of scope: its silences are judged by them.</param>
/// <param name="Groups">Where its time counts.</param>
internal sealed record ScopedPile(string Id, IReadOnlyList<Pile> Versions, PileGroups Groups);

/// <summary>A group of rows, as people know it.</summary>
internal readonly record struct GroupName(string Id, string Name);

/// <summary>What piles are grouped by.</summary>
internal enum PileGrouping
{
    /// <summary>Everything in one.</summary>
    None,

    /// <summary>Every port is one.</summary>
    Port,

    /// <summary>By pile.</summary>
    Pile,

    /// <summary>By compound.</summary>
    Compound,

    /// <summary>By subdistrict.</summary>
    Subdistrict,

    /// <summary>By district.</summary>
    District,

    /// <summary>By grid.</summary>
    Grid,

    /// <summary>By what they charge.</summary>
    Kind,
}

/// <summary>The piles of a scope that are commissioned at any time in a period, and their groups; both by id.</summary>
internal sealed record ScopedPiles(IReadOnlyList<ScopedPile> Piles, IReadOnlyList<GroupName> Groups)
{
    public static ScopedPiles Of(RegistrySnapshot registry, AssetScope scope, PileGrouping by, Instant from, Instant until)
    {
        var inScope = RegistryScope.Piles(registry, scope).Where(p => Overlaps(p.Validity, from, until)).ToHashSet();
        var ids = inScope.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var all = RegistryScope.Piles(registry, AssetScope.City).Where(p => ids.Contains(p.Id))
            .GroupBy(p => p.Id, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var names = Names(registry, by, all.SelectMany(g => g).Where(inScope.Contains));
        var places = names.Select((name, place) => (name.Id, place)).ToDictionary(StringComparer.Ordinal);
        var piles = all.ConvertAll(versions => new ScopedPile(
            versions.Key, [.. versions],
            new PileGroups(
                [.. versions.Select(v => inScope.Contains(v) ? places[NameOf(registry, v, by, 1).Id] : -1)],
                by == PileGrouping.Port)));
        return new ScopedPiles(piles, names);
    }

    /// <summary>The whole is one group even when nothing is in it, so that an empty scope has an answer.</summary>
    private static List<GroupName> Names(RegistrySnapshot registry, PileGrouping by, IEnumerable<Pile> pieces)
    {
        if (by == PileGrouping.None)
        {
            return [new GroupName("", "")];
        }
        var names = new Dictionary<string, (GroupName Name, string Pile, int Port)>(StringComparer.Ordinal);
        foreach (var piece in pieces)
        {
            for (var port = 1; port <= (by == PileGrouping.Port ? piece.Ports : 1); port++)
            {
                var name = NameOf(registry, piece, by, port);
                names[name.Id] = by == PileGrouping.Port ? (name, piece.Id, port) : (name, name.Id, 0);
            }
        }
        return [.. names.Values.OrderBy(n => n.Pile, StringComparer.Ordinal).ThenBy(n => n.Port).Select(n => n.Name)];
    }

    private static GroupName NameOf(RegistrySnapshot registry, Pile pile, PileGrouping by, int port) => by switch
    {
        PileGrouping.None => new GroupName("", ""),
        PileGrouping.Port => new GroupName($"{pile.Id}/{port}", $"{pile.Name} {port}"),
        PileGrouping.Pile => new GroupName(pile.Id, pile.Name),
        PileGrouping.Kind => new GroupName(KindName(pile.Kind), KindName(pile.Kind)),
        _ => Area(RegistryScope.GroupOf(registry, pile, LevelOf(by))),
    };

    private static GroupName Area((string Id, string Name) area) => new(area.Id, area.Name);

    private static AreaKind LevelOf(PileGrouping by) => by switch
    {
        PileGrouping.Compound => AreaKind.Compound,
        PileGrouping.Subdistrict => AreaKind.Subdistrict,
        PileGrouping.District => AreaKind.District,
        _ => AreaKind.Grid,
    };

    private static string KindName(PileKind kind) => kind switch
    {
        PileKind.EbikeAc => "EBIKE_AC",
        PileKind.EbikeCabinet => "EBIKE_CABINET",
        PileKind.EvAc => "EV_AC",
        PileKind.EvDc => "EV_DC",
        _ => "",
    };

    private static bool Overlaps(Validity validity, Instant from, Instant until) =>
        validity.From < until && (validity.Until is not { } end || end > from);
}
