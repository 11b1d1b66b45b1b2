using System.CommandLine;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Asking;

/// <summary>The service dates a question about sanitation is about, both inclusive.</summary>
internal static class DateOptions
{
    private static readonly Option<string?> First = new("--first")
    {
        Description = "The first service date. Default: six days before the last.",
        HelpName = "date",
    };

    private static readonly Option<string?> Last = new("--last-date")
    {
        Description = "The last service date. Default: today's.",
        HelpName = "date",
    };

    private static readonly Option<string?> Only = new("--date") { Description = "Only this service date.", HelpName = "date" };

    public static readonly IReadOnlyList<Option> All = [First, Last, Only];

    public static DateRange Read(ParseResult parsed)
    {
        var (first, last, only) = (parsed.GetValue(First), parsed.GetValue(Last), parsed.GetValue(Only));
        if (only is not null)
        {
            return first is null && last is null
                ? new DateRange { First = Moments.Date("--date", only), Last = only }
                : throw new UsageException("Give --date, or --first and --last-date, not both.");
        }
        var range = new DateRange
        {
            First = first is null ? "" : Moments.Date("--first", first),
            Last = last is null ? "" : Moments.Date("--last-date", last),
        };
        return range.First.Length == 0 || range.Last.Length == 0 || string.CompareOrdinal(range.First, range.Last) <= 0
            ? range
            : throw new UsageException("--first must not be after --last-date.");
    }
}
