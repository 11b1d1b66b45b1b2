using System.CommandLine;

namespace SmartCity.Cli.Asking;

/// <summary>What is wrong with a command line, and what was perhaps meant.</summary>
internal static class Mistakes
{
    private const int DistanceMax = 2;

    public static string Sentence(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens is [var first, ..] ? first : null;
        var problems = parsed.Errors
            .Select(error => error.Message.TrimEnd('.'))
            // What stands behind an unknown word is not understood either, and whether a command is missing is not known then.
            .Where(message => unknown is null || !parsed.UnmatchedTokens.Any(
                token => message.Contains($"'{token}'", StringComparison.Ordinal)) && !NeedsCommand(message))
            .Distinct();
        string[] lead = unknown is null ? [] : [Unknown(unknown, command)];
        return $"smartcity: {string.Join("; ", lead.Concat(problems))}. Try {Path(command)} --help.";
    }

    private static bool NeedsCommand(string message) => message.StartsWith("Required command", StringComparison.Ordinal);

    private static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var known = isOption
            ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options)).Select(o => o.Name)
            : command.Subcommands.Select(c => c.Name);
        var near = Near(word, [.. known]).ToList();
        var what = isOption ? $"'{word}' is no option of {Path(command)}"
            : command.Subcommands.Count > 0 ? $"'{word}' is no command of {Path(command)}"
            : $"{Path(command)} does not take '{word}'";
        return near.Count == 0 ? what : $"{what}. Did you mean {string.Join(" or ", near)}?";
    }

    private static IEnumerable<string> Near(string word, IReadOnlyList<string> known)
    {
        var begun = known.Where(name => word.Length > 2 && name.StartsWith(word, StringComparison.Ordinal)).ToList();
        return begun.Count > 0
            ? begun
            : known.Select(name => (Name: name, Distance: Distance(word, name)))
                .Where(candidate => candidate.Distance <= Math.Min(DistanceMax, candidate.Name.Length / 2))
                .OrderBy(candidate => candidate.Distance).Take(2).Select(candidate => candidate.Name);
    }

    // Levenshtein: how many characters have to be put in, taken out or changed.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    private static string Path(Command command) => command is RootCommand
        ? "smartcity"
        : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";
}
