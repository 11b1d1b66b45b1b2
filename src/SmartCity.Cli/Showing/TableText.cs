using Spectre.Console;

namespace SmartCity.Cli.Showing;

/// <summary>Draws tables: boxes and colours on a screen, aligned plain text otherwise.</summary>
internal static class TableText
{
    private const int UnboundedWidth = 1_000;

    // Wider lines wrap where a file is looked at; those that are needed whatever the width still are.
    private const int FileWidth = 140;
    private const int CellPadding = 3;

    /// <summary>Writes the rows, and <paramref name="total"/> as the last one.</summary>
    /// <returns>The headers of columns that the screen had no place for.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync<TRow>(
        Terminal terminal, IReadOnlyList<Column<TRow>> columns, IReadOnlyList<TRow> rows, TRow? total)
        where TRow : class
    {
        var all = total is null ? rows : [.. rows, total];
        var shown = Fitting(columns, all, terminal.Width ?? FileWidth, terminal.Pretty ? CellPadding : 1);
        var table = new Table { Border = terminal.Pretty ? TableBorder.Rounded : TableBorder.None, UseSafeBorder = false };
        foreach (var column in shown)
        {
            var header = new Text(column.Header, terminal.Pretty ? new Style(decoration: Decoration.Bold) : Style.Plain);
            table.AddColumn(new TableColumn(header) { Alignment = column.IsNumber ? Justify.Right : Justify.Left });
        }
        foreach (var row in all)
        {
            table.AddRow(shown.Select(column => Cell(column, row, terminal.Pretty)));
        }
        await terminal.Out.WriteAsync(Drawn(terminal, table));
        return [.. columns.Except(shown).Select(c => c.Header)];
    }

    private static List<Column<TRow>> Fitting<TRow>(IReadOnlyList<Column<TRow>> columns, IReadOnlyList<TRow> rows, int width, int padding)
    {
        var widths = columns.ToDictionary(
            column => column,
            column => padding + rows.Select(column.Text).Append(column.Header).Max(text => text.GetCellWidth()));
        var shown = columns.ToList();
        while (shown.Sum(column => widths[column]) + 1 > width && shown.MaxBy(column => column.Rank) is { Rank: > 0 } least)
        {
            shown.Remove(least);
        }
        return shown;
    }

    private static Text Cell<TRow>(Column<TRow> column, TRow row, bool pretty)
    {
        var color = column.Tone?.Invoke(row) switch
        {
            Tone.Good => Color.Green,
            Tone.Doubtful => Color.Yellow,
            Tone.Bad => Color.Red,
            _ => (Color?)null,
        };
        return new Text(column.Text(row), pretty && color is { } c ? new Style(c) : Style.Plain);
    }

    private static string Drawn(Terminal terminal, Table table)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.Pretty ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal.Pretty ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = terminal.Width ?? UnboundedWidth;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);
        // Cells are padded to their column's width; a line that ends in spaces is a nuisance in a file.
        var lines = text.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd());
        return string.Join(Environment.NewLine, lines);
    }
}
