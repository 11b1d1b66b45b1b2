using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary>Shows ports as they change: a table first, then a line for each change.</summary>
internal sealed class PortScreen(Question question)
{
    private bool _headed;

    public async Task ShowAsync(WatchPortsResponse update)
    {
        var to = question.Terminal.Out;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await to.WriteLineAsync(JsonText.Line(update));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(to, Port.Descriptor, update.Ports, question.Zone, header: !_headed);
                _headed = true;
                break;
            case var _ when update.Snapshot:
                await TableText.WriteAsync(question.Terminal, PortsCommand.Columns(question.Zone), update.Ports, total: null);
                break;
            default:
                foreach (var port in update.Ports)
                {
                    await to.WriteLineAsync(Line(port));
                }
                break;
        }
        await to.FlushAsync(question.Cancellation);
    }

    private string Line(Port port)
    {
        var cells = PortsCommand.Columns(question.Zone).Where(c => c.Header is not ("Since" or "Measured" or "Heard" or "Compound"));
        var texts = cells.Select(c => (c.Header, Text: c.Text(port))).Where(c => c.Text != Say.Absent);
        var words = texts.Select(c => c.Header is "Port" or "Status" ? c.Text : $"{c.Text} {c.Header}");
        return $"{Say.Clock(port.LastHeardTime, question.Zone)}  {string.Join("  ", words)}";
    }
}
