using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api;

/// <summary>What the registry knew at a moment.</summary>
internal static class KnownRegistry
{
    /// <summary>What was known at the evaluation.</summary>
    /// <param name="zone">In which people read their clocks.</param>
    /// <exception cref="InvalidQueryException">Nothing was registered yet: whatever is asked, "nothing" would look like an
    /// answer.</exception>
    public static async Task<RegistrySnapshot> AskedAsync(
        RegistryStore registry, Instant evaluation, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var known = await registry.AsKnownAtAsync(evaluation, cancellation);
        if (!ReferenceEquals(known, RegistrySnapshot.Empty))
        {
            return known;
        }
        var first = await registry.ChangesAsync(Instant.Min, Instant.Max, most: 1, cancellation);
        if (first.Count == 0)
        {
            return known;
        }
        var at = TimeZoneInfo.ConvertTime(first[0].ToDateTimeOffset(), zone);
        throw new InvalidQueryException(
            "as_of",
            string.Create(
                CultureInfo.InvariantCulture,
                $"is before the registry knew any asset: the first was recorded at {at:yyyy-MM-dd HH:mm:ss zzz}. Ask as of then or later."));
    }
}
