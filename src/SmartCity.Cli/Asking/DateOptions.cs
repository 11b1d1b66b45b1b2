using System.CommandLine;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Asking;

/// <summary>The service dates a question about sanitation is about, both inclusive.</summary>
internal static class DateOptions
{
    private static readonly Option<string?> First = Date("--first", "The first service date. Default: six days before the last.");
    private static readonly Option<string?> Last = Date("--last-date", "The last service date. Default: today's, of --as-of or now.");
    private static readonly Option<string?> Only = Date("--date", "Only this service date.");

    private static readonly Option<string?> Span = new("--last")
    {
        Description = "Instead of --first: so many whole dates, the last one included, as 7d or 2w. Default: 7d.",
        HelpName = "span",
    };

    /// <summary>Of questions about what was due.</summary>
    public static readonly IReadOnlyList<Option> All = [First, Last, Only, Span];

    private static readonly Option<string?> From = Date("--first", "The first service date. Default: no limit, as for --last-date.");
    private static readonly Option<string?> Until = Date("--last-date", "The last service date.");

    /// <summary>Of lists that have everything unless limited.</summary>
    public static readonly IReadOnlyList<Option> Limits = [From, Until, Only];

    private static readonly Option<string?> Begin = Date("--first", "The first service date it is about, or --date.");
    private static readonly Option<string?> End = Date("--last-date", "The last service date it is about. Default: the first.");

    /// <summary>Of what is declared about dates, of which the first has to be named.</summary>
    public static readonly IReadOnlyList<Option> Named = [Only, Begin, End];

    public static DateRange Read(ParseResult parsed, string today)
    {
        // An option that the command does not take has no value.
        string? Value(params Option<string?>[] options) =>
            options.Select(option => parsed.GetResult(option)?.GetValueOrDefault<string?>()).FirstOrDefault(text => text is not null);
        var (first, last, only, span) = (Value(First, From, Begin), Value(Last, Until, End), Value(Only), Value(Span));
        if (only is not null)
        {
            return first is null && last is null && span is null
                ? new DateRange { First = Moments.Date("--date", only), Last = only }
                : throw new UsageException("Give --date, or --first and --last-date, not both.");
        }
        var range = new DateRange
        {
            First = first is null ? "" : Moments.Date("--first", first),
            Last = last is null ? "" : Moments.Date("--last-date", last),
        };
        if (span is not null)
        {
            range.First = range.First.Length > 0
                ? throw new UsageException("Give --first or --last, not both.")
                : Moments.DaysBefore(range.Last.Length > 0 ? range.Last : today, Moments.Days("--last", span) - 1);
        }
        return range.First.Length == 0 || range.Last.Length == 0 || string.CompareOrdinal(range.First, range.Last) <= 0
            ? range
            : throw new UsageException("--first must not be after --last-date.");
    }

    /// <summary>The dates that something is declared about.</summary>
    public static DateRange ReadNamed(ParseResult parsed)
    {
        var range = Read(parsed, "");
        return range.First.Length > 0
            ? range
            : throw new UsageException("Name the service dates: --date 2026-11-23, or --first and --last-date.");
    }

    private static Option<string?> Date(string name, string description) =>
        new(name) { Description = description, HelpName = "date" };
}
