namespace SmartCity.Storage.Registry;

/// <summary>Finds the word somebody meant to write.</summary>
public static class EditDistance
{
    private const int LettersMax = 60;

    /// <summary>The candidate with the fewest letters to change; null when none is near. Only letters and digits count, without
    /// case: compoundId, Compound ID and compound_id are the same word.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) =>
        NearestOf(word, candidates, 1) is [var best, ..] ? best : null;

    /// <summary>The candidates that are near a word in that sense, the nearest first.</summary>
    /// <param name="most">No more than so many.</param>
    public static IReadOnlyList<string> NearestOf(string word, IEnumerable<string> candidates, int most)
    {
        var meant = Squeeze(word);
        return
        [
            .. candidates.Select(candidate => (Word: candidate, Distance: Between(meant, Squeeze(candidate))))
                .Where(candidate => candidate.Distance <= Math.Max(2, candidate.Word.Length / 3))
                .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
                .Take(most).Select(candidate => candidate.Word),
        ];
    }

    /// <summary>Letters to insert, delete or replace to turn one word into the other.</summary>
    internal static int Between(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        foreach (var letter in a)
        {
            var diagonal = row[0]++;
            for (var i = 1; i <= b.Length; i++)
            {
                var change = diagonal + (letter == b[i - 1] ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.Min(change, Math.Min(row[i], row[i - 1]) + 1);
            }
        }
        return row[^1];
    }

    private static string Squeeze(string word) =>
        string.Concat(word.Take(LettersMax).Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
