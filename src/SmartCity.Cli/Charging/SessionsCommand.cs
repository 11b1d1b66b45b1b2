using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity sessions</c></summary>
internal static class SessionsCommand
{
    private static readonly Option<bool> Open = CommonOptions.Flag("--open", "Only sessions that have not ended.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "sessions",
        "Charging sessions that started in a period, oldest first.",
        """
        smartcity sessions --last 24h --compound 220204-C01
        smartcity sessions --open
        """,
        [.. ScopeOptions.OfPiles, .. PeriodOptions.All, Open, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<Session>[] Columns(TimeZoneInfo zone, Timestamp? now) =>
    [
        new("Port", s => $"{s.PileId}/{s.Port}"),
        new("Session", s => s.SessionId, 2),
        new("Started", s => Say.Time(s.StartTime, zone)),
        new("Full", s => Say.Clock(s.ChargeDoneTime, zone), 6),
        new("Ended", s => s.EndTime is null ? "open" : Say.Time(s.EndTime, zone)),
        new("Lasted", s => Lasted(s, now), IsNumber: true),
        new("kWh", s => IsMetered(s) ? Say.Kwh(s.EnergyWh) : Say.Absent, IsNumber: true),
        new("Account", Account, 1),
        new("Max W", s => Say.Number(s.HasMaxPowerW ? s.MaxPowerW : null, 0), 4, IsNumber: true),
        new("Stopped by", s => s.StopReason == StopReason.Unspecified ? Say.Text(s.VendorReason) : CityWords.Of(s.StopReason), 1),
        new("Suspect", s => Say.Count(s.SuspectSamples), 5, IsNumber: true),
    ];

    private static string Lasted(Session session, Timestamp? now) => (session.StartTime, session.EndTime ?? now) switch
    {
        ({ } from, { } until) when from <= until => Say.Span((until - from).ToTimeSpan().TotalSeconds),
        _ => Say.Absent,
    };

    // Nothing was measured and nobody settled: that is not a session without energy.
    private static bool IsMetered(Session session) => session.Settled || session.HasMaxPowerW || session.EnergyWh > 0;

    private static string Account(Session session) =>
        !IsMetered(session) ? "not metered 未计量" : session.Settled ? "settled 已结算" : session.Estimated ? "estimated 估算" : "from samples";

    private static async Task AskAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var request = new ListSessionsRequest
        {
            Scope = question.Scope,
            Period = question.Period,
            OpenOnly = question.Get(Open),
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListSessionsAsync);
        await new Answer<Session>(response, response.Sessions, Columns(question.Zone, response.Quality?.AsOf))
        {
            Quality = response.Quality,
            Order = "oldest",
            Notes = [.. PeriodOptions.Ahead(request.Period, question)],
        }.ShowAsync(question);
    }
}
