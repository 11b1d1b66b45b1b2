using System.CommandLine;
using System.CommandLine.Parsing;

namespace SmartCity.Cli.Asking;

/// <summary>The words of the API's enums as people type them: <c>HOUR_OF_DAY</c> is <c>hour-of-day</c>.</summary>
internal static class Words
{
    /// <summary><c>OnTime</c> as <c>ON_TIME</c>.</summary>
    public static string Upper(Enum value) =>
        string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{c}")).ToUpperInvariant();

    /// <summary>An option that takes one of the words.</summary>
    public static Option<TEnum> One<TEnum>(string name, string description, params TEnum[] allowed)
        where TEnum : struct, Enum
    {
        var words = ByWord(allowed);
        return new Option<TEnum>(name)
        {
            Description = Describe(description, words.Keys),
            HelpName = "word",
            CustomParser = result => Parse(result, result.Tokens[0].Value, words),
        };
    }

    /// <summary>An argument that is one of the words.</summary>
    public static Argument<TEnum> Argument<TEnum>(string name, string description)
        where TEnum : struct, Enum
    {
        var words = ByWord(Enum.GetValues<TEnum>());
        return new Argument<TEnum>(name)
        {
            Description = Describe(description, words.Keys),
            HelpName = name, // Else the help lists the enum's own words.
            CustomParser = result => Parse(result, result.Tokens.Count == 0 ? "" : result.Tokens[0].Value, words),
        };
    }

    /// <summary>An option that takes any of the words.</summary>
    /// <param name="other">What people call some of them; the API's own words are taken, too.</param>
    public static Option<TEnum[]> Many<TEnum>(string name, string description, params (string Word, TEnum Value)[] other)
        where TEnum : struct, Enum
    {
        var words = ByWord(Enum.GetValues<TEnum>());
        foreach (var (word, value) in other)
        {
            words[word] = value;
        }
        return new Option<TEnum[]>(name)
        {
            Description = Describe(description, words.Keys),
            HelpName = "words",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
            CustomParser = result =>
                [.. result.Tokens.SelectMany(t => t.Value.Split(',')).Select(word => Parse(result, word, words))],
        };
    }

    private static TEnum Parse<TEnum>(ArgumentResult result, string typed, Dictionary<string, TEnum> words)
    {
        if (words.TryGetValue(typed.Trim().Replace('_', '-'), out var value))
        {
            return value;
        }
        result.AddError($"'{typed}' is none of {string.Join(", ", words.Keys)}");
        return default!;
    }

    private static Dictionary<string, TEnum> ByWord<TEnum>(TEnum[] allowed)
        where TEnum : struct, Enum =>
        (allowed.Length > 0 ? allowed : Enum.GetValues<TEnum>())
        .Where(value => Convert.ToInt32(value, null) != 0)
        .ToDictionary(value => Upper(value).Replace('_', '-').ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);

    private static string Describe(string description, IEnumerable<string> words) =>
        $"{description}: {string.Join(", ", words)}.";
}
