using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity timeline</c></summary>
internal static class TimelineCommand
{
    private static readonly Argument<string> Pile = new("pile") { Description = "The pile, as pile-0001." };

    private static readonly Option<string?> At = new("--at")
    {
        Description = "Only what each port was at this moment: 02:13 (the last time it was so late), or a date and time.",
        HelpName = "time",
    };

    public static Command Build(Terminal terminal)
    {
        var command = Question.Command(
            terminal,
            "timeline",
            "What every port of a pile was in a period or at one moment, and why.",
            """
            smartcity timeline pile-0001 --last 24h
            smartcity timeline pile-0001 --at 02:13
            smartcity timeline pile-0001 --at 2026-11-22T02:13 --as-of 2026-11-22T09:00
            """,
            [At, .. PeriodOptions.All, CommonOptions.AsOf, CommonOptions.Limit],
            AskAsync);
        command.Add(Pile);
        return command;
    }

    private static Column<TimelineSegment>[] Columns(TimeZoneInfo zone) =>
    [
        new("Port", s => Say.Count(s.Port), IsNumber: true),
        new("Status", s => CityWords.Of(s.Status), Tone: s => CityWords.ToneOf(s.Status)),
        new("From", s => Say.Time(s.FromTime, zone)),
        new("Until", s => Say.Time(s.UntilTime, zone)),
        new("Lasted", s => Say.Span(s.DurationSeconds), 1, IsNumber: true),
        new("Because", Cause),
    ];

    private static string Cause(TimelineSegment segment) => segment.Cause switch
    {
        StatusCause.Reported when segment.VendorStatus.Length > 0 => $"the port said \"{segment.VendorStatus}\"",
        StatusCause.Reported => "the port said so",
        StatusCause.Pile => "the whole pile said so",
        StatusCause.Fault => $"fault {string.Join(' ', segment.FaultCodes)}",
        StatusCause.Silence => "not heard",
        StatusCause.NoReport => "no report yet",
        _ => Say.Absent,
    };

    private static async Task AskAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var at = question.Get(At);
        if (at is not null && question.HasPeriod)
        {
            throw new UsageException("Give --at, or a period, not both.");
        }
        var now = question.AsOf?.ToDateTimeOffset() ?? question.Terminal.Clock.GetUtcNow();
        var request = new GetStatusTimelineRequest
        {
            PileId = question.Get(Pile),
            Period = at is null ? question.Period : null,
            At = at is null ? null : Moments.Past("--at", at, question.Zone, now).ToTimestamp(),
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.GetStatusTimelineAsync);
        await new Answer<TimelineSegment>(response, response.Segments, Columns(question.Zone))
        {
            Quality = response.Quality,
            Nothing = "No port of it was commissioned then.",
            Notes =
            [
                request.At is { } moment
                    ? $"At {Say.Time(moment, question.Zone)} ({question.Zone.Id}), followed for a day before and after."
                    : "What began before the period or lasts beyond it is cut at its edges.",
                .. request.At is null ? PeriodOptions.Told(response.Period, question) : [],
            ],
        }.ShowAsync(question);
    }
}
