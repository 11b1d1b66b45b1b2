using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Faults;

/// <summary>Shows faults as they change: a table first, then a line for each change.</summary>
internal sealed class FaultScreen(Question question)
{
    private bool headed;

    public async Task ShowAsync(WatchFaultsResponse update)
    {
        var to = question.Terminal.Out;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await to.WriteLineAsync(JsonText.Line(update));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(to, Fault.Descriptor, update.Faults, question.Zone, header: !headed);
                headed = true;
                break;
            case var _ when update.Snapshot:
                await ShowTableAsync(update);
                break;
            default:
                await ShowLinesAsync(update);
                break;
        }
        await to.FlushAsync(question.Cancellation);
    }

    private async Task ShowTableAsync(WatchFaultsResponse update)
    {
        if (update.Faults.Count == 0)
        {
            await question.Terminal.Out.WriteLineAsync("Nothing is broken.");
            return;
        }
        var rows = IncidentLines.Fold(update.Faults);
        await TableText.WriteAsync(question.Terminal, FaultsCommand.Columns(question.Zone), rows, total: null);
    }

    private async Task ShowLinesAsync(WatchFaultsResponse update)
    {
        foreach (var fault in update.Faults)
        {
            await question.Terminal.Out.WriteLineAsync(Line(fault));
        }
        foreach (var id in update.GoneFaultIds)
        {
            await question.Terminal.Out.WriteLineAsync($"{id}  is not there any more: late data changed it");
        }
    }

    private string Line(Fault fault)
    {
        var over = fault.ClearedTime is null ? "" : $"  over since {Say.Clock(fault.ClearedTime, question.Zone)}";
        var who = fault.Assignee.Length == 0 ? "" : $"  {fault.Assignee}";
        return $"{Say.Clock(fault.RaisedTime, question.Zone)}  {fault.FaultId}  {FaultNames.Of(fault)}  {CityWords.Of(fault.Severity)}  "
            + $"{CityWords.Of(fault.State)}{who}{over}";
    }
}
