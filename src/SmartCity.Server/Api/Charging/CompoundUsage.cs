using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>A whole compound: what its ports are together depends on every one.</summary>
/// <param name="Piles">All its piles, by id.</param>
/// <param name="Pairs">By pile and version the place in <paramref name="Kinds"/>.</param>
/// <param name="Kinds">The kinds of its piles.</param>
internal sealed record WholeCompound(
    string Id, IReadOnlyList<ScopedPile> Piles, IReadOnlyList<PileGroups> Pairs, IReadOnlyList<PileKind> Kinds)
{
    /// <summary>The compounds of which a scope holds everything that is commissioned at any time of a period.</summary>
    public static IEnumerable<WholeCompound> Of(
        IReadOnlyList<ScopedPile> scope, RegistrySnapshot registry, Instant from, Instant until)
    {
        var asked = scope.ToDictionary(pile => pile.Id, StringComparer.Ordinal);
        var members = RegistryScope.Piles(registry, AssetScope.City).GroupBy(p => p.Id, StringComparer.Ordinal)
            .Select(versions => asked.GetValueOrDefault(versions.Key) ?? Unasked([.. versions]))
            .SelectMany(pile => pile.Versions.Select(v => v.CompoundId).Distinct(), (pile, compound) => (pile, compound))
            .ToLookup(member => member.compound, member => member.pile, StringComparer.Ordinal);
        foreach (var compound in members)
        {
            List<ScopedPile> piles = [.. compound.OrderBy(pile => pile.Id, StringComparer.Ordinal)];
            if (piles.TrueForAll(pile => IsWithin(pile, compound.Key, from, until)) && piles.Exists(p => asked.ContainsKey(p.Id)))
            {
                List<PileKind> kinds = [.. piles.SelectMany(pile => pile.Versions).Select(v => v.Kind).Distinct().Order()];
                yield return new WholeCompound(
                    compound.Key, piles,
                    piles.ConvertAll(pile => new PileGroups([.. pile.Versions.Select(v => kinds.IndexOf(v.Kind))], false)), kinds);
            }
        }
    }

    private static ScopedPile Unasked(IReadOnlyList<Pile> versions) =>
        new(versions[0].Id, versions, new PileGroups([.. versions.Select(_ => -1)], false));

    private static bool IsWithin(ScopedPile pile, string compound, Instant from, Instant until) =>
        pile.Versions.Select((version, i) => (version, group: pile.Groups.FirstOfVersion[i])).All(v =>
            v.version.CompoundId == compound
            && (v.group >= 0 || v.version.Validity.From >= until || v.version.Validity.Until <= from));

    /// <summary>What it is made of: with another stamp it is another compound.</summary>
    public string StampOf(ChargingRules rules) => string.Join(
        ';', Piles.Select((pile, i) => $"{pile.Id} {DigestBasis.Of(pile.Versions, rules)} {string.Join(',', Pairs[i].FirstOfVersion)}"))
        + $" {string.Join(',', Kinds)} {rules.SeenPercentMin}";
}

/// <summary>What a compound did on one day.</summary>
/// <param name="Piles">As its piles are.</param>
/// <param name="Kinds">As its kinds are.</param>
/// <param name="LatestReceived">By pile the received time of its newest record of that day.</param>
internal sealed record SettledDay(
    IReadOnlyList<PileDay> Piles, IReadOnlyList<CompoundDay> Kinds, IReadOnlyList<Instant?> LatestReceived);

/// <summary>The first days of a period, as far as what a compound did is settled.</summary>
internal sealed record SettledCompound(WholeCompound Compound, IReadOnlyList<SettledDay> Days);
