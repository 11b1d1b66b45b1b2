using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity trucks</c></summary>
internal static class TrucksCommand
{
    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "trucks",
        "Where the trucks are now.",
        """
        smartcity trucks
        smartcity trucks --truck truck-07 --output json
        """,
        [.. ScopeOptions.OfTrucks, CommonOptions.Limit],
        AskAsync);

    /// <summary>How a list of trucks is shown.</summary>
    public static Column<Truck>[] Columns(TimeZoneInfo zone) =>
    [
        new("Truck", t => t.TruckId),
        new("Plate", t => Say.Text(t.Plate), 2),
        new("Route", t => Say.Text(t.RouteId), 2),
        new("Position", Position),
        new("km/h", t => Say.Number(t.HasSpeedKmh ? t.SpeedKmh : null, 0), 1, IsNumber: true),
        new("At point", t => Say.Text(t.PointId), 1),
        new("Fix", t => Say.Time(t.PositionTime, zone) + (t.Stale ? " (late)" : ""),
            Tone: t => t.Stale ? Tone.Doubtful : Tone.Plain),
        new("Heard", t => Say.Time(t.LastHeardTime, zone), 3),
    ];

    private static string Position(Truck truck) => truck.Position is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{at.Lat:0.00000},{at.Lon:0.00000}")
        : Say.Absent;

    private static async Task AskAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var response = await Pages.AllAsync(question, new ListTrucksRequest { Scope = question.Scope }, client.ListTrucksAsync);
        await new Answer<Truck>(response, response.Trucks, Columns(question.Zone)) { Quality = response.Quality }
            .ShowAsync(question);
    }
}
