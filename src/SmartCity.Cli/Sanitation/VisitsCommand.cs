using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity visits</c></summary>
internal static class VisitsCommand
{
    private static readonly Option<bool> Transits = CommonOptions.Flag("--transits", "Also trucks that only drove past.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "visits",
        "When trucks stood at collection points, by arrival.",
        """
        smartcity visits --last 24h --point point-001
        smartcity visits --from 2026-11-22 --until 2026-11-23 --truck truck-07 --transits
        """,
        [.. ScopeOptions.OfVisits, .. PeriodOptions.All, Transits, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<Visit>[] Columns(TimeZoneInfo zone) =>
    [
        new("Arrived", v => Say.Time(v.ArriveTime, zone)),
        new("Left", v => v.OnlySaid ? Say.Absent : v.DepartTime is null ? "there" : Say.Clock(v.DepartTime, zone), 1),
        new("Truck", v => v.TruckId),
        new("Point", v => v.PointId),
        new("Role", v => CityWords.Of(v.Role), 1),
        new("Proof", v => CityWords.Of(v.Grade) + (v.OnlySaid ? ", only said" : ""), 1),
        new("Stopped", v => Say.Span(v.StoppedSeconds), 2, IsNumber: true),
        new("Nearest m", v => Say.Number(v.HasMinDistanceM ? v.MinDistanceM : null, 0), 4, IsNumber: true),
        new("Lifts", v => Say.Count(v.Lifts), 3, IsNumber: true),
        new("kg", v => Say.Number(v.HasNetKg ? v.NetKg : null, 0), 3, IsNumber: true),
        new("Obligation", v => Say.Text(v.ObligationId), 2),
    ];

    private static async Task AskAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var request = new ListVisitsRequest
        {
            Scope = question.Scope,
            Period = question.Period,
            IncludeTransits = question.Get(Transits),
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListVisitsAsync);
        await new Answer<Visit>(response, response.Visits, Columns(question.Zone))
        {
            Quality = response.Quality,
            Order = "oldest",
            Notes = [.. PeriodOptions.Ahead(request.Period, question)],
        }.ShowAsync(question);
    }
}
