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

    /// <summary>How the rows come: first, oldest or newest.</summary>
    public string Order { get; init; } = "first";

    private string More => Order == "oldest"
        ? "The newer ones are left out: ask from later on, or raise --limit."
        : "Raise --limit, or ask for less.";

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
                await RemarkAsync(terminal.Error, question.Zone); // Beside the rows, which a program reads.
                break;
            default:
                await ShowTableAsync(question);
                break;
        }
        if (Pages.NextToken(Response).Length > 0)
        {
            await terminal.Error.WriteLineAsync(
                $"smartcity: These are the {Order} {Say.Count(Rows.Count)} rows; there are more. {More}");
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
                    $"Left out for want of width: {string.Join(", ", left)} (--output csv has all).");
            }
        }
        await RemarkAsync(terminal.Out, question.Zone);
    }

    private async Task RemarkAsync(TextWriter to, TimeZoneInfo zone)
    {
        foreach (var note in Notes)
        {
            await to.WriteLineAsync(note);
        }
        if (Quality is not null)
        {
            await to.WriteLineAsync(Footer.Line(Quality, zone));
        }
    }
}
