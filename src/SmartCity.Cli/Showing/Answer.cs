using Google.Protobuf;
using Google.Protobuf.Reflection;
using SmartCity.Cli.Asking;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Showing;

/// <summary>A response and how its rows are shown.</summary>
internal sealed record Answer<TRow>(IMessage Response, IReadOnlyList<TRow> Rows, IReadOnlyList<Column<TRow>> Columns)
    where TRow : class, IMessage<TRow>, new()
{
    private static readonly MessageDescriptor RowType = new TRow().Descriptor;

    /// <summary>The last row of the table: all rows together.</summary>
    public TRow? Total { get; init; }

    /// <summary>How complete the answer is.</summary>
    public DataQuality? Quality { get; init; }

    /// <summary>Lines below the table without which its figures mislead.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is said instead of a table without rows.</summary>
    public string Nothing { get; init; } = "Nothing found.";

    /// <summary>Writes the answer as it was asked for.</summary>
    public async Task ShowAsync(Question question)
    {
        var terminal = question.Terminal;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await terminal.Out.WriteLineAsync(JsonText.Lines(Response));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(terminal.Out, RowType, Rows, question.Zone);
                break;
            default:
                await ShowTableAsync(question);
                break;
        }
        if (Pages.NextToken(Response).Length > 0)
        {
            await terminal.Error.WriteLineAsync(
                $"smartcity: These are the first {Say.Count(Rows.Count)} rows; there are more. Raise --limit, or ask for less.");
        }
    }

    private async Task ShowTableAsync(Question question)
    {
        var terminal = question.Terminal;
        if (Rows.Count == 0)
        {
            await terminal.Out.WriteLineAsync(Nothing);
        }
        else
        {
            var left = await TableText.WriteAsync(terminal, Columns, Rows, Rows.Count > 1 ? Total : null);
            if (left.Count > 0)
            {
                await terminal.Out.WriteLineAsync(
                    $"Left out on this narrow screen: {string.Join(", ", left)} (--output csv has all).");
            }
        }
        foreach (var note in Notes)
        {
            await terminal.Out.WriteLineAsync(note);
        }
        if (Quality is not null)
        {
            await terminal.Out.WriteLineAsync(Footer.Line(Quality, question.Zone));
        }
    }
}
