using System.Collections.Concurrent;

namespace SmartCity.Server.Ingest;

/// <summary>Counts for imports under way what of them was known already, and what the store refused.</summary>
internal sealed class ImportTally
{
    private readonly ConcurrentDictionary<string, (long Duplicates, long Dead)> counts = new(StringComparer.Ordinal);

    /// <summary>An import begins.</summary>
    public void Begin(string import) => counts[import] = default;

    /// <summary>An import ends.</summary>
    public void End(string import) => counts.TryRemove(import, out _);

    /// <summary>What became of its messages so far, beside those that are stored.</summary>
    public (long Duplicates, long Dead) Of(string import) => counts.GetValueOrDefault(import);

    /// <summary>A batch was settled. Called by one thread at a time.</summary>
    public void Count(IReadOnlyList<(string Import, bool IsDead)> left)
    {
        foreach (var (import, isDead) in left)
        {
            // What an earlier process began is asked for by nobody.
            if (counts.TryGetValue(import, out var before))
            {
                counts.TryUpdate(import, (before.Duplicates + (isDead ? 0 : 1), before.Dead + (isDead ? 1 : 0)), before);
            }
        }
    }
}
