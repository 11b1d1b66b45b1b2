namespace SmartCity.Server.Settings;

/// <summary>Finds the word somebody meant to write.</summary>
internal static class EditDistance
{
    /// <summary>The candidate with the fewest letters to change, case aside; null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var (best, distance) = candidates
            .Select(c => (Word: c, Distance: Between(word.ToUpperInvariant(), c.ToUpperInvariant())))
            .DefaultIfEmpty((Word: "", Distance: int.MaxValue))
            .MinBy(c => c.Distance);
        return distance <= Math.Max(2, word.Length / 2) ? best : null;
    }

    /// <summary>The candidates that are near a word, the nearest first.</summary>
    public static IReadOnlyList<string> NearestOf(string word, IEnumerable<string> candidates, int most) =>
        [.. candidates.Select(c => (Word: c, Distance: Between(word.ToUpperInvariant(), c.ToUpperInvariant())))
            .Where(c => c.Distance <= Math.Max(2, word.Length / 2))
            .OrderBy(c => c.Distance).ThenBy(c => c.Word, StringComparer.Ordinal).Take(most).Select(c => c.Word)];

    /// <summary>Letters to insert, delete or replace to turn one word into the other.</summary>
    public static int Between(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
