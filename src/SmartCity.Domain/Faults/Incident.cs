using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Many piles of a compound fell silent together: one thing happened there, not many.</summary>
/// <param name="Members">Their OFFLINE faults, by the moment raised, then by pile.</param>
/// <param name="Silent">How many piles fell silent.</param>
/// <param name="Piles">How many piles the compound had when it began.</param>
public sealed record Incident(string Compound, IReadOnlyList<Fault> Members, int Silent, int Piles)
{
    /// <summary>When the first fell silent.</summary>
    public Instant From => Members[0].Raised;

    /// <summary>When the last was heard again; null while any is silent.</summary>
    public Instant? Until => Members.Any(m => m.Cleared is null) ? null : Members.Max(m => m.Cleared);

    /// <summary>The compound and the moment it began.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Compound}/{From.Milliseconds}");
}
