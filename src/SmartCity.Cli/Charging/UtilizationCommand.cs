using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity utilization</c></summary>
internal static class UtilizationCommand
{
    private static readonly Option<GroupBy> By = Words.One(
        "--group-by", "One row for each", GroupBy.Port, GroupBy.Pile, GroupBy.Compound, GroupBy.Subdistrict, GroupBy.District,
        GroupBy.Grid);

    private static readonly Option<Bucket> Cut = Words.One<Bucket>("--bucket", "Cut the period by");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "utilization",
        "How much the ports were used, and how much of that time was seen.",
        """
        smartcity utilization --last 7d --group-by compound
        smartcity utilization --from 2026-11-01 --until 2026-12-01 --pile pile-0001 --bucket day --output csv
        """,
        [.. ScopeOptions.OfPiles, .. PeriodOptions.All, By, Cut, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<UtilizationRow>[] Columns(Bucket bucket, TimeZoneInfo zone) =>
    [
        new("Of", r => RowKeys.Group(r.Key)),
        .. RowKeys.From<UtilizationRow>(bucket, zone, r => r.Key),
        new("Occupied", r => Say.Percent(r.HasOccupancy ? r.Occupancy : null), IsNumber: true),
        new("Charging", r => Say.Percent(r.HasChargingRatio ? r.ChargingRatio : null), 2, IsNumber: true),
        new("Seen", r => Say.Percent(r.HasCoverage ? r.Coverage : null), IsNumber: true, Tone: r => Seen(r)),
        new("kWh", r => IsSeen(r) || r.EnergyWh > 0 ? Say.Kwh(r.EnergyWh) : Say.Absent, 1, IsNumber: true),
        new("Sessions", r => IsSeen(r) || r.Sessions > 0 ? Say.Count(r.Sessions) : Say.Absent, 1, IsNumber: true),
        new("Per port and day", r => Say.Number(r.HasTurnover && (IsSeen(r) || r.Sessions > 0) ? r.Turnover : null, 2), 4, IsNumber: true),
        new("Idle of occupied", r => Say.Percent(r.HasOverstayRatio ? r.OverstayRatio : null), 3, IsNumber: true),
        new("Down h", r => Say.Hours(r.DownSeconds), 2, IsNumber: true),
        new("Unknown h", r => Say.Hours(r.UnknownSeconds), 3, IsNumber: true),
        new("Full h", r => Say.Hours(r.SaturatedSeconds), 5, IsNumber: true),
        new("Ports", r => Say.Count(r.Ports), 5, IsNumber: true),
        new("Peak", r => r.HasPeakHour ? r.PeakHour.ToString("00", CultureInfo.InvariantCulture) + ":00" : Say.Absent, 5),
    ];

    // What nobody saw is not zero.
    private static bool IsSeen(UtilizationRow row) => row.SeenSeconds > 0 || row is { HasCoverage: true, Coverage: > 0 };

    // Below this, the figures beside it say little.
    private static Tone Seen(UtilizationRow row) => row is { HasCoverage: true, Coverage: < 0.8 } ? Tone.Doubtful : Tone.Plain;

    private static async Task AskAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var request = new GetUtilizationRequest
        {
            Scope = question.Scope,
            Period = question.Period,
            GroupBy = question.Get(By),
            Bucket = question.Get(Cut),
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.GetUtilizationAsync);
        await new Answer<UtilizationRow>(response, response.Rows, Columns(request.Bucket, question.Zone))
        {
            Total = response.Total,
            Quality = response.Quality,
            Notes =
            [
                .. PeriodOptions.Told(response.Period, question),
                "Ratios are of the time that was seen; time not seen is never counted as free.",
            ],
        }.ShowAsync(question);
    }
}
