using System.CommandLine;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Asking;

/// <summary>The span of time a question is about.</summary>
internal static class PeriodOptions
{
    // The server's clock may be a little ahead of ours.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private static readonly Option<string?> From = new("--from")
    {
        Description = "From this local date or instant on. Default: seven local days, that of --until included.",
        HelpName = "time",
    };

    private static readonly Option<string?> Until = new("--until")
    {
        Description = "Up to, and without, this local date or instant. Default: --as-of, or now.",
        HelpName = "time",
    };

    private static readonly Option<string?> Last = new("--last")
    {
        Description = "Instead of --from: this long before --until, to the second, as 24h, 7d (168 hours) or 2w.",
        HelpName = "span",
    };

    public static readonly IReadOnlyList<Option> All = [From, Until, Last];

    /// <summary>Whether any of the options was given.</summary>
    public static bool AreGiven(ParseResult parsed) =>
        parsed.GetValue(From) is not null || parsed.GetValue(Until) is not null || parsed.GetValue(Last) is not null;

    /// <summary>The period that was answered, for the reader; a server of before does not tell it.</summary>
    public static IEnumerable<string> Told(Period? period, Question question) => period is null
        ? []
        : [
            $"Period: {Say.Time(period.From, question.Zone)} until {Say.Time(period.Until, question.Zone)} ({question.Zone.Id})",
            .. Ahead(period, question),
        ];

    /// <summary>Whether the period is still to come: a list without rows would say that nothing happened.</summary>
    public static IEnumerable<string> Ahead(Period? period, Question question) =>
        period?.From is { } from && from.ToDateTimeOffset() >= question.Now ? ["The period lies ahead: nothing is known of it yet."]
        : period?.Until is { } until && until.ToDateTimeOffset() > question.Now + ClockDifference
            ? ["The end of the period lies ahead: nothing is known of that yet."]
            : [];

    /// <param name="now">When the answer ends that has no --until: the moment of --as-of, or now.</param>
    public static Period Read(ParseResult parsed, TimeZoneInfo zone, DateTimeOffset now)
    {
        var period = new Period { TimeZone = zone.Id };
        var until = parsed.GetValue(Until) is { } untilText ? Moments.Instant("--until", untilText, zone) : (DateTimeOffset?)null;
        period.Until = until?.ToTimestamp();
        if (parsed.GetValue(Last) is { } last)
        {
            if (parsed.GetValue(From) is not null)
            {
                throw new UsageException("Give --from or --last, not both.");
            }
            period.From = ((until ?? now) - Moments.Span("--last", last)).ToTimestamp();
        }
        else if (parsed.GetValue(From) is { } from)
        {
            period.From = Moments.Instant("--from", from, zone).ToTimestamp();
        }
        if (period.From is { } first && first >= (period.Until ?? now.ToTimestamp()))
        {
            throw new UsageException(period.Until is null
                ? $"--from must be before {Say.Time(now.ToTimestamp(), zone)} ({zone.Id}). For a time to come give --until, too."
                : "--from must be before --until: the first moment is inside the period, the last is not.");
        }
        return period;
    }
}
