using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity ports</c></summary>
internal static class PortsCommand
{
    private static readonly Option<PortStatus[]> Statuses = Words.Many<PortStatus>("--status", "Only ports that are");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "ports",
        "What every port is doing now.",
        """
        smartcity ports --compound 220204-C01
        smartcity ports --status faulted,offline --output csv
        """,
        [.. ScopeOptions.OfPiles, Statuses, CommonOptions.Limit],
        AskAsync);

    public static IReadOnlyList<Column<Port>> Columns(TimeZoneInfo zone) =>
    [
        new("Port", p => $"{p.PileId}/{p.Port_}"),
        new("Status", Status, Tone: p => CityWords.ToneOf(p.Status)),
        new("Since", p => Say.Time(p.StatusSince, zone), 1),
        new("W", p => Say.Number(Now(p) is { HasPowerW: true } m ? m.PowerW : null, 0), 1, IsNumber: true),
        new("C", p => Say.Number(Now(p) is { HasPortTempC: true } m ? m.PortTempC : null), 3, IsNumber: true),
        new("Measured", p => p.LastMeter is { } m ? Measured(m, zone) : Say.Absent, 5),
        new("Faults", p => Say.Text(string.Join(' ', p.FaultCodes)), 2, Tone: _ => Tone.Bad),
        new("Session", p => Say.Text(p.SessionId), 4),
        new("Compound", p => Say.Text(p.CompoundId), 3),
        new("Heard", p => Say.Time(p.LastHeardTime, zone) + (p.Stale ? " (late)" : ""), 2),
    ];

    // An old reading among current ones would be taken for one of them; the column beside tells how old the last one is.
    private static MeterRecord? Now(Port port) => port.MeterCurrent ? port.LastMeter : null;

    private static string Measured(MeterRecord meter, TimeZoneInfo zone) =>
        Say.Time(DateTimeOffset.FromUnixTimeMilliseconds(meter.Time).ToTimestamp(), zone);

    // An offline port also shows what it last said itself, an unreadable one what the vendor said.
    private static string Status(Port port) => CityWords.Of(port.Status) + port switch
    {
        { Status: PortStatus.Offline, LastKnownStatus: not (PortStatus.Unspecified or PortStatus.Offline) } =>
            $" (was {Words.Upper(port.LastKnownStatus)})",
        { Status: PortStatus.Unspecified, VendorStatus.Length: > 0 } => $" \"{port.VendorStatus}\"",
        _ => "",
    };

    private static async Task AskAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var request = new ListPortsRequest { Scope = question.Scope, Statuses = { question.Get(Statuses) } };
        var response = await Pages.AllAsync(question, request, client.ListPortsAsync);
        await new Answer<Port>(response, response.Ports, Columns(question.Zone)) { Quality = response.Quality }
            .ShowAsync(question);
    }
}
