using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace SmartCity.Cli.Asking;

/// <summary>Numbers as people type them. The parser's own words for what is none name types of the language.</summary>
internal static class Numbers
{
    /// <summary>An option for a count from 1 up.</summary>
    public static Option<int> Count(string name, string description, int standard, int max) => new(name)
    {
        Description = description,
        HelpName = "n",
        DefaultValueFactory = _ => standard,
        CustomParser = result => One(result, name, 1, max, "a whole number"),
    };

    /// <summary>An option for a whole number.</summary>
    public static Option<int?> Whole(string name, string description, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result => One(result, name, min, max, "a whole number"),
    };

    /// <summary>An option for a number with or without a fraction.</summary>
    public static Option<double?> Fraction(string name, string description, string helpName, double min, double max) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => One(result, name, min, max, "a number"),
    };

    /// <summary>Any number of whole numbers from 1 up, separated by spaces or commas.</summary>
    public static T[] Many<T>(ArgumentResult result, string name)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var words = result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)).ToList();
        return [.. words.Select(word => Read(result, word, name, T.One, T.MaxValue, "whole numbers"))];
    }

    private static T One<T>(ArgumentResult result, string name, T min, T max, string form)
        where T : struct, INumber<T> =>
        result.Tokens.Count == 0 ? default : Read(result, result.Tokens[^1].Value, name, min, max, form);

    private static T Read<T>(ArgumentResult result, string word, string name, T min, T max, string form)
        where T : struct, INumber<T>
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var culture = CultureInfo.InvariantCulture;
        if (T.TryParse(word, styles, culture, out var value) && value >= min && value <= max)
        {
            return value;
        }
        var range = string.Create(culture, $"from {min:#,0.###} to {max:#,0.###}");
        result.AddError($"{name} takes {form} {range}, not '{word}'");
        return default;
    }
}
