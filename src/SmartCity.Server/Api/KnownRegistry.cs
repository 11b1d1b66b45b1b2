using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api;

/// <summary>What the registry knew at a moment.</summary>
internal static class KnownRegistry
{
    /// <summary>Refuses a question as of a moment at which nothing was registered yet: whatever is asked, "nothing" would look
    /// like an answer.</summary>
    /// <param name="known">What was known at that moment.</param>
    /// <param name="zone">In which people read their clocks.</param>
    /// <exception cref="InvalidQueryException">Says when the first asset was recorded.</exception>
    public static async Task RefuseNothingAsync(
        RegistryStore registry, RegistrySnapshot known, TimeZoneInfo zone, CancellationToken cancellation)
    {
        if (!ReferenceEquals(known, RegistrySnapshot.Empty))
        {
            return;
        }
        var first = await registry.ChangesAsync(Instant.Min, Instant.Max, most: 1, cancellation);
        if (first.Count == 0)
        {
            return;
        }
        var at = TimeZoneInfo.ConvertTime(first[0].ToDateTimeOffset(), zone);
        var text = at.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        throw new InvalidQueryException(
            "as_of", $"is before the registry knew any asset: the first was recorded at {text}. Ask as of then or later.");
    }
}
