using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity overstays</c></summary>
internal static class OverstaysCommand
{
    private static readonly TimeSpan LongerThanMax = TimeSpan.FromDays(7); // What the server takes.

    private static readonly Option<string?> LongerThan = new("--longer-than")
    {
        Description = "Only those that last longer, as 30m, 2h or 1d, at most 7d; 0 for all. Default: 30m.",
        HelpName = "span",
    };

    private static readonly Option<bool> Open = CommonOptions.Flag("--open", "Only plugs that are still in.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "overstays",
        "Plugs that stayed in while nothing flowed 占位, newest first.",
        """
        smartcity overstays --open
        smartcity overstays --last 24h --longer-than 2h --compound 220204-C01
        """,
        [.. ScopeOptions.OfPiles, .. PeriodOptions.All, LongerThan, Open, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<Overstay>[] Columns(TimeZoneInfo zone) =>
    [
        new("Port", o => $"{o.PileId}/{o.Port}"),
        new("Since", o => Say.Time(o.SinceTime, zone)),
        new("Until", o => o.UntilTime is null ? "open" : Say.Time(o.UntilTime, zone)),
        new("Lasted", o => Say.Span(o.DurationSeconds), IsNumber: true),
        new("Status", o => CityWords.Of(o.Status), 1),
        new("Session", o => Say.Text(o.SessionId), 3),
        new("Compound", o => Say.Text(o.CompoundId), 2),
    ];

    private static int Threshold(string text) => Moments.Span("--longer-than", text) is var span && span <= LongerThanMax
        ? (int)span.TotalSeconds
        : throw new UsageException($"--longer-than: {text} is more than 7d, for which plugs are followed before a period.");

    private static async Task AskAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var request = new ListOverstaysRequest
        {
            Scope = question.Scope,
            Period = question.Period,
            OpenOnly = question.Get(Open),
            AsOf = question.AsOf,
        };
        if (question.Get(LongerThan) is { } span)
        {
            request.ThresholdS = span == "0" ? 0 : Threshold(span);
        }
        var response = await Pages.AllAsync(question, request, client.ListOverstaysAsync);
        await new Answer<Overstay>(response, response.Overstays, Columns(question.Zone))
        {
            Quality = response.Quality,
            Notes =
            [
                $"Longer than {Say.Span(response.ThresholdS)}; time not seen ends an overstay.",
                .. PeriodOptions.Told(response.Period, question),
            ],
        }.ShowAsync(question);
    }
}
