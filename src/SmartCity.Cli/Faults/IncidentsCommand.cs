using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Faults;

/// <summary><c>smartcity incidents</c></summary>
internal static class IncidentsCommand
{
    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "incidents",
        "Compounds of which many piles fell silent together; with a period, those in it. Newest first.",
        """
        smartcity incidents
        smartcity incidents --last 30d --district 220204
        """,
        [.. ScopeOptions.OfPiles, .. PeriodOptions.All, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<Incident>[] Columns(TimeZoneInfo zone) =>
    [
        new("Compound", i => i.CompoundId),
        new("Silent", i => $"{Say.Count(i.PilesSilent)} of {Say.Count(i.Piles)} piles", Tone: _ => Tone.Bad),
        new("From", i => Say.Time(i.FromTime, zone)),
        new("Until", i => i.UntilTime is null ? "open" : Say.Time(i.UntilTime, zone)),
        new("Id", i => i.IncidentId, 1),
    ];

    private static async Task AskAsync(Question question)
    {
        var client = new FaultService.FaultServiceClient(question.Channel);
        var request = new ListIncidentsRequest
        {
            Scope = question.Scope,
            Period = question.HasPeriod ? question.Period : null,
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListIncidentsAsync);
        await new Answer<Incident>(response, response.Incidents, Columns(question.Zone)) { Quality = response.Quality }
            .ShowAsync(question);
    }
}
