using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity compliance</c></summary>
internal static class ComplianceCommand
{
    private static readonly Option<GroupBy> By = Words.One(
        "--group-by", "One row for each", GroupBy.Point, GroupBy.Compound, GroupBy.Subdistrict, GroupBy.District, GroupBy.Grid,
        GroupBy.Route, GroupBy.Window);

    private static readonly Option<Bucket> Cut = Words.One(
        "--bucket", "Cut the dates by", Bucket.Day, Bucket.Week, Bucket.Month, Bucket.DayOfWeek);

    public static readonly Option<string[]> Windows = CommonOptions.Ids("--window", "Only these windows, as MORNING.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "compliance",
        """
        Whether the collection points were served when they should be. The headline is 三清达标率: the share of
        point-days on which every window was served on time.
        """,
        """
        smartcity compliance --last 7d --group-by subdistrict
        smartcity compliance --first 2026-11-01 --last-date 2026-11-30 --group-by window --bucket week
        """,
        [.. ScopeOptions.OfPoints, .. DateOptions.All, By, Cut, Windows, CommonOptions.AsOf],
        AskAsync);

    private static Column<ComplianceRow>[] Columns(Bucket bucket, TimeZoneInfo zone) =>
    [
        new("Of", r => RowKeys.Group(r.Key)),
        .. RowKeys.From<ComplianceRow>(bucket, zone, r => r.Key),
        new("三清达标率", r => Say.Percent(r.HasFullDayCompliance ? r.FullDayCompliance : null), IsNumber: true),
        new("On time", r => Say.Percent(r.HasOnTimeRate ? r.OnTimeRate : null), IsNumber: true),
        new("Served", r => Say.Percent(r.HasCompletionRate ? r.CompletionRate : null), 1, IsNumber: true),
        new("Seen", r => Say.Percent(Seen(r)), IsNumber: true, Tone: r => r.Undetermined > 0 ? Tone.Doubtful : Tone.Plain),
        new("Due", r => Say.Count(r.Due), 1, IsNumber: true),
        new("Early", r => Say.Count(r.Early), 4, IsNumber: true),
        new("Late", r => Say.Count(r.Late), 2, IsNumber: true),
        new("Missed 漏收", r => Say.Count(r.Missed), IsNumber: true, Tone: r => r.Missed > 0 ? Tone.Bad : Tone.Plain),
        new("Unknown 数据缺失", r => Say.Count(r.Undetermined), 3, IsNumber: true),
        new("Excused", r => Say.Count(r.Excused), 5, IsNumber: true),
        new("Open", r => Say.Count(r.Open), 5, IsNumber: true),
        new("Points served", Points, 5, IsNumber: true),
        new("On time 95 %", r => Interval(r.OnTimeInterval), 6, IsNumber: true),
        new("After a miss", AfterMiss, 7, IsNumber: true),
        new("Longest gap h", r => Say.Number(r.HasMaxGapHours ? r.MaxGapHours : null), 7, IsNumber: true),
        new("Deviation p90", r => Say.Span(r.HasDeviationP90S ? r.DeviationP90S : null), 8, IsNumber: true),
    ];

    private static string Interval(RateInterval? interval) =>
        interval is null ? Say.Absent : $"{Say.Percent(interval.Low)[..^2]}..{Say.Percent(interval.High)}";

    private static double? Seen(ComplianceRow row) => row.Due > 0 ? (row.Due - row.Undetermined) / (double)row.Due : null;

    private static string AfterMiss(ComplianceRow row) => row.Missed == 0 ? Say.Absent
        : $"{Say.Span(row.HasMissResponseP50S ? row.MissResponseP50S : null)}, "
            + $"{Say.Count(row.MissesFollowed)} of {Say.Count(row.Missed)} answered";

    private static string Points(ComplianceRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.PointsServed:N0} of {row.Points:N0}");

    // The server has them by id; people have them by the time of the day.
    private static List<ComplianceRow> Ordered(GetComplianceResponse response, GroupBy by)
    {
        var starts = response.Tolerances.GroupBy(t => t.WindowKey).ToDictionary(g => g.Key, g => g.Min(t => t.StartLocal));
        return by == GroupBy.Window
            ? [.. response.Rows.OrderBy(r => starts.GetValueOrDefault(r.Key.GroupId, "~"), StringComparer.Ordinal)]
            : [.. response.Rows];
    }

    private static async Task AskAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var request = new GetComplianceRequest
        {
            Scope = question.Scope,
            Dates = question.Dates,
            GroupBy = question.Get(By),
            Bucket = question.Get(Cut),
            WindowKeys = { question.Get(Windows) },
            AsOf = question.AsOf,
            IncludeRestatements = Restated.CanBeAsked(question.Dates),
        };
        var response = await client.GetComplianceAsync(request, question.Call);
        await new Answer<ComplianceRow>(response, Ordered(response, request.GroupBy), Columns(request.Bucket, question.Zone))
        {
            Total = response.Total,
            Quality = response.Quality,
            Notes =
            [
                .. response.Tolerances.OrderBy(t => t.StartLocal, StringComparer.Ordinal).Select(Tolerances.Line),
                .. response.Restatements is { } restated ? [Restated.Line(restated)] : Array.Empty<string>(),
            ],
        }.ShowAsync(question);
    }
}
