using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>Shows trucks as they move: a table first, then a line for each change.</summary>
internal sealed class TruckScreen(Question question)
{
    private bool headed;

    public async Task ShowAsync(WatchTrucksResponse update)
    {
        var to = question.Terminal.Out;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await to.WriteLineAsync(JsonText.Line(update));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(to, Truck.Descriptor, update.Trucks, question.Zone, header: !headed);
                headed = true;
                break;
            case var _ when update.Snapshot:
                await TableText.WriteAsync(question.Terminal, TrucksCommand.Columns(question.Zone), update.Trucks, total: null);
                break;
            default:
                foreach (var truck in update.Trucks)
                {
                    await to.WriteLineAsync(Line(truck));
                }
                break;
        }
        await to.FlushAsync(question.Cancellation);
    }

    private string Line(Truck truck)
    {
        var cells = TrucksCommand.Columns(question.Zone).Where(c => c.Header is not ("Plate" or "Route" or "Fix" or "Heard"));
        var texts = cells.Select(c => (c.Header, Text: c.Text(truck))).Where(c => c.Text != Say.Absent);
        var words = texts.Select(c => c.Header is "Truck" or "Position" ? c.Text
            : c.Header == "km/h" ? $"{c.Text} km/h" : $"at {c.Text}");
        return $"{Say.Clock(truck.PositionTime, question.Zone)}  {string.Join("  ", words)}{(truck.Stale ? "  late" : "")}";
    }
}
