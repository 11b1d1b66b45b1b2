using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity confirm list</c></summary>
internal static class ConfirmationsCommand
{
    private static readonly Option<ConfirmationState[]> States = Words.Many<ConfirmationState>("--state", "Only");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "list",
        "Confirmations and pictures, oldest first: what waits for a supervisor, and what was decided.",
        """
        smartcity confirm list --state waiting
        smartcity confirm list --first 2026-11-01 --last-date 2026-11-30
        """,
        [.. DateOptions.All, States, CommonOptions.AsOf, CommonOptions.Limit],
        ListAsync);

    private static Column<ConfirmationRow>[] Columns(TimeZoneInfo zone) =>
    [
        new("Id", c => c.EvidenceId),
        new("State", c => CityWords.Of(c.State), Tone: c => c.State == ConfirmationState.Waiting ? Tone.Doubtful : Tone.Plain),
        new("What", c => c.ObligationId.Length > 0 ? c.ObligationId : Say.Text(c.PointId)),
        new("Time", c => Say.Time(c.Time, zone)),
        new("By", c => Say.Text(c.MadeBy)),
        new("Truck", c => Say.Text(c.TruckId), 1),
        new("Kind", c => c.Picture ? "PICTURE" : "CONFIRMATION", 2),
        new("Metres", c => Say.Number(c.HasDistanceM ? c.DistanceM : null, 0), 2, IsNumber: true),
        new("Why", c => c.Reason, 1),
        new("Decided", c => c.Decisions.Count == 0 ? Say.Absent
            : $"{c.Decisions[^1].DecidedBy} {Say.Time(c.Decisions[^1].DecidedTime, zone)}", 3),
    ];

    private static async Task ListAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var dates = question.Dates;
        var request = new ListConfirmationsRequest
        {
            FirstDate = dates.First,
            LastDate = dates.Last,
            States = { question.Get(States) },
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListConfirmationsAsync);
        await new Answer<ConfirmationRow>(response, response.Confirmations, Columns(question.Zone))
        {
            Nothing = "Nobody confirmed anything like that in these days.",
        }.ShowAsync(question);
    }
}
