using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity obligations</c></summary>
internal static class ObligationsCommand
{
    private static readonly Option<Verdict[]> Verdicts = Words.Many(
        "--verdict", "Only", ("unknown", Protocol.V1.Verdict.Undetermined));

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "obligations",
        "Every collection that was due, with its verdict: one row for each point, window and service date.",
        """
        smartcity obligations --date 2026-11-22 --verdict missed,unknown
        smartcity obligations --point point-001 --first 2026-11-01 --window EVENING
        """,
        [
            .. ScopeOptions.OfPoints, .. DateOptions.All, Verdicts, ComplianceCommand.Windows, CommonOptions.AsOf,
            CommonOptions.Limit,
        ],
        AskAsync);

    /// <summary>How a list of obligations is shown.</summary>
    public static Column<Obligation>[] Columns(TimeZoneInfo zone) =>
    [
        new("Obligation", o => o.ObligationId),
        new("Point", o => Say.Text(o.PointName), 2),
        new("Window", o => $"{Say.Minute(o.WindowStart, zone)}-{Say.Minute(o.WindowEnd, zone)}", 3),
        new("Verdict", Verdict, Tone: o => CityWords.ToneOf(o.Verdict)),
        new("Served", o => Say.Time(o.PrimaryVisit?.DecisionTime, zone), 1),
        new("Off by", o => Say.Span(o.HasDeviationS && o.DeviationS != 0 ? o.DeviationS : null), 4, IsNumber: true),
        new("Truck", Truck, 2),
        new("Proof", o => o.PrimaryVisit is { } visit ? CityWords.Of(visit.Grade) : Say.Absent, 5),
        new("Route", o => Say.Text(o.RouteId), 6),
    ];

    private static string Verdict(Obligation obligation) =>
        CityWords.Of(obligation.Verdict) + (obligation.Probable ? ", probable" : "") + (obligation.Final ? "" : ", not final");

    private static string Truck(Obligation obligation) => obligation switch
    {
        { Substituted: true, PrimaryVisit: { } visit } => $"{visit.TruckId} for {Say.Text(obligation.PlannedTruckId)}",
        { PrimaryVisit: { } visit } => visit.TruckId,
        _ => Say.Text(obligation.PlannedTruckId),
    };

    private static async Task AskAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var request = new ListObligationsRequest
        {
            Scope = question.Scope,
            Dates = question.Dates,
            Verdicts = { question.Get(Verdicts) },
            WindowKeys = { question.Get(ComplianceCommand.Windows) },
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListObligationsAsync);
        await new Answer<Obligation>(response, response.Obligations, Columns(question.Zone))
        {
            Quality = response.Quality,
            Order = "oldest",
            Notes = response.Obligations.Count > 0 ? ["Why? smartcity explain <obligation>"] : [],
        }.ShowAsync(question);
    }
}
