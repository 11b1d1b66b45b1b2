using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>Shows verdicts as they change: a table first, then a line for each change.</summary>
internal sealed class ObligationScreen(Question question)
{
    private bool headed;

    public async Task ShowAsync(WatchObligationsResponse update)
    {
        var to = question.Terminal.Out;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await to.WriteLineAsync(JsonText.Line(update));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(to, ObligationChange.Descriptor, update.Changes, question.Zone, header: !headed);
                headed = true;
                break;
            case var _ when update.Snapshot:
                await TableText.WriteAsync(
                    question.Terminal, ObligationsCommand.Columns(question.Zone), [.. update.Changes.Select(c => c.Obligation)],
                    total: null);
                break;
            default:
                await ShowLinesAsync(update);
                break;
        }
        await to.FlushAsync(question.Cancellation);
    }

    private async Task ShowLinesAsync(WatchObligationsResponse update)
    {
        foreach (var row in update.Changes)
        {
            // A snapshot may come in parts, of which only the first says so.
            await question.Terminal.Out.WriteLineAsync(row.Change is null
                ? $"{row.Obligation.ObligationId}  {CityWords.Of(row.Obligation.Verdict)}"
                : Line(row));
        }
        foreach (var id in update.GoneObligationIds)
        {
            await question.Terminal.Out.WriteLineAsync($"{id}  is not due any more");
        }
    }

    private string Line(ObligationChange row)
    {
        var before = row.VerdictBefore == Verdict.Unspecified ? "" : $"{CityWords.Of(row.VerdictBefore)} -> ";
        var restated = row.Change.Restatement ? "  restated" : "";
        return $"{Say.Clock(row.Change.Time, question.Zone)}  {row.Obligation.ObligationId}  {before}"
            + $"{CityWords.Of(row.Obligation.Verdict)}{restated}  {row.Change.Reason}";
    }
}
