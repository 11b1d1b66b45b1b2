using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity at-risk</c></summary>
internal static class AtRiskCommand
{
    private const int SecondsPerMinute = 60;

    private static readonly Option<bool> All = CommonOptions.Flag("--all", "Also open collections that are expected in time.");

    private static readonly Option<int> Ahead = Numbers.Count(
        "--ahead", "How many minutes to look ahead for windows that open and deadlines.", 60, 240);

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "at-risk",
        "Collections about to be missed, the most urgent first, with the cause.",
        """
        smartcity at-risk
        smartcity at-risk --district 220204 --all
        smartcity at-risk --window NOON --output json | jq -r '.obligations[].outlook.reason'
        """,
        [.. ScopeOptions.OfPoints, ComplianceCommand.Windows, All, Ahead, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<AtRiskObligation>[] Columns(TimeZoneInfo zone) =>
    [
        new("Obligation", r => r.Obligation.ObligationId),
        new("Point", r => Say.Text(r.Obligation.PointName), 5),
        new("Verdict", r => CityWords.Of(r.Obligation.Verdict), 4, Tone: r => CityWords.ToneOf(r.Obligation.Verdict)),
        new("Risk", r => CityWords.Of(r.Outlook.Risk), Tone: r => CityWords.ToneOf(r.Outlook.Risk)),
        new("Expected", r => Say.Clock(r.Outlook.Eta, zone)),
        new("Until late", r => Say.Span(r.Outlook.HasMarginOnTimeS ? r.Outlook.MarginOnTimeS : null), 2, IsNumber: true),
        new("Until cutoff", r => Say.Span(r.Outlook.HasMarginCutoffS ? r.Outlook.MarginCutoffS : null), 2, IsNumber: true),
        new("Cutoff in", r => Say.Span(r.Outlook.LeftCutoffS), 1, IsNumber: true),
        new("Truck", Truck, 1),
        new("Why", r => Say.Text(r.Outlook.Reason), 1),
        new("How sure", r => Say.Text($"{r.Outlook.Certainty} {r.Outlook.Unseen}".Trim()), 3),
    ];

    private static string Truck(AtRiskObligation row) => row.Outlook.Trucks.FirstOrDefault() switch
    {
        null => Say.Absent,
        { Planned: true } truck => truck.TruckId,
        { } truck => $"nearest {truck.TruckId}",
    };

    private static async Task AskAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var request = new ListAtRiskRequest
        {
            Scope = question.Scope,
            WindowKeys = { question.Get(ComplianceCommand.Windows) },
            IncludeOnTrack = question.Get(All),
            HorizonS = question.Get(Ahead) * SecondsPerMinute,
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListAtRiskAsync);
        await new Answer<AtRiskObligation>(response, response.Obligations, Columns(question.Zone))
        {
            Quality = response.Quality,
            Nothing = response.Open == 0 ? "Nothing is to be collected now." : "Nothing is at risk.",
            Notes = response.Open == 0 ? [] : [$"{Say.Count(response.Open)} collections are open, at risk or not."],
        }.ShowAsync(question);
    }
}
