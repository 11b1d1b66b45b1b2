using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Faults;

/// <summary><c>smartcity fault-stats</c></summary>
internal static class FaultStatsCommand
{
    private static readonly Option<FaultGroupBy> By = Words.One<FaultGroupBy>("--group-by", "One row for each");

    private static readonly Option<Bucket> Cut = Words.One(
        "--bucket", "Cut the period by", Bucket.Hour, Bucket.Day, Bucket.Week, Bucket.Month);

    private static readonly Option<bool> Derived = CommonOptions.Flag("--derived", "Also count faults that the server found.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "fault-stats",
        "How often things break and how fast they are repaired.",
        """
        smartcity fault-stats --last 30d --group-by code
        smartcity fault-stats --from 2026-01-01 --group-by compound --bucket month
        smartcity fault-stats --last 52w --group-by port
        """,
        [.. ScopeOptions.OfPiles, .. PeriodOptions.All, By, Cut, Derived, CommonOptions.AsOf],
        AskAsync);

    private static Column<FaultStatisticsRow>[] Columns(Bucket bucket, TimeZoneInfo zone) =>
    [
        new("Of", r => RowKeys.Group(r.Key)),
        .. RowKeys.From<FaultStatisticsRow>(bucket, zone, r => r.Key),
        new("Raised", r => Say.Count(r.Raised), IsNumber: true),
        new("Cleared", r => Say.Count(r.Cleared), 1, IsNumber: true),
        new("Still there", r => Say.Count(r.OpenAtEnd), IsNumber: true, Tone: r => r.OpenAtEnd > 0 ? Tone.Bad : Tone.Plain),
        new("Seen to (MTTA)", r => Say.Span(r.HasMttaSeconds ? r.MttaSeconds : null), 2, IsNumber: true),
        new("Repair (MTTR)", r => Say.Span(r.HasMttrSeconds ? r.MttrSeconds : null), IsNumber: true),
        new("Between (MTBF)", r => Say.Span(r.HasMtbfSeconds ? r.MtbfSeconds : null), 1, IsNumber: true),
        new("Repeated", r => Say.Percent(r.HasRepeatRate ? r.RepeatRate : null), 2, IsNumber: true),
        new("Available", r => Say.Percent(r.HasAvailability ? r.Availability : null), IsNumber: true),
        new("Uptime", r => Say.Percent(r.HasUptime ? r.Uptime : null), 1, IsNumber: true),
        new("Seen", r => Say.Percent(Seen(r)), IsNumber: true),
        new("Transient", r => Say.Count(r.Transients), 3, IsNumber: true),
        new("Ignored", r => Say.Count(r.RaisedEventsIgnored), 4, IsNumber: true),
    ];

    private static IEnumerable<string> Excluded(FaultStatisticsRow? total)
    {
        if (total is { ExcludedSeconds: > 0 })
        {
            yield return $"{Say.Hours(total.ExcludedSeconds)} port hours of outage during declared maintenance do not count against "
                + "uptime.";
        }
        if (total is { DeclaredTooLateSeconds: > 0 })
        {
            yield return $"{Say.Hours(total.DeclaredTooLateSeconds)} port hours of outage lie before their maintenance was declared: "
                + "they do count.";
        }
    }

    private static double? Seen(FaultStatisticsRow row) =>
        row.CommissionedSeconds > 0 ? row.SeenSeconds / row.CommissionedSeconds : null;

    private static async Task AskAsync(Question question)
    {
        var client = new FaultService.FaultServiceClient(question.Channel);
        var request = new GetFaultStatisticsRequest
        {
            Scope = question.Scope,
            Period = question.Period,
            GroupBy = question.Get(By),
            Bucket = question.Get(Cut),
            IncludeDerived = question.Get(Derived),
            AsOf = question.AsOf,
        };
        var response = await client.GetFaultStatisticsAsync(request, question.Call);
        var isTable = question.Output is not (OutputFormat.Json or OutputFormat.Csv);
        var leftOut = isTable && !request.IncludeDerived ? await LeftOutAsync(question, client) : [];
        await new Answer<FaultStatisticsRow>(response, response.Rows, Columns(request.Bucket, question.Zone))
        {
            Total = response.Total,
            Quality = response.Quality,
            Notes =
            [
                "Faults that cleared before they could alert are counted as transient and in no other figure.",
                .. leftOut,
                .. Excluded(response.Total),
                .. PeriodOptions.Ahead(request.Period, question),
            ],
        }.ShowAsync(question);
    }

    // "Still there 0" beside a list with faults needs an explanation.
    private static async Task<IEnumerable<string>> LeftOutAsync(Question question, FaultService.FaultServiceClient client)
    {
        var request = new ListFaultsRequest { Scope = question.Scope, AsOf = question.AsOf, PageSize = 10_000 };
        var open = (await client.ListFaultsAsync(request, question.Call)).Faults.Count(fault => fault.Derived);
        return open switch
        {
            0 => ["Faults that the server found (none is still there) are left out; --derived counts those too."],
            1 => ["1 fault that the server found is still there and left out; --derived counts those too."],
            _ => [$"{Say.Count(open)} faults that the server found are still there and left out; --derived counts those too."],
        };
    }
}
