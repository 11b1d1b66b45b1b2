using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Assets of one kind as CSV (RFC 4180): a header row, columns in any order, an empty field is an absent one.</summary>
internal static class AssetCsv
{
    public static ParsedAssets Read(AssetKind kind, string content, Instant now)
    {
        var table = new AssetTable(now);
        var form = AssetForm.All[kind];
        // Spreadsheets put a byte order mark in front.
        using var parser = new CsvParser(new StringReader(content.TrimStart('\uFEFF')), Configuration());
        try
        {
            if (Header(parser, form, table) is { } columns)
            {
                while (!table.IsHopeless && parser.Read())
                {
                    ReadRow(parser, form, columns, table);
                }
            }
        }
        catch (BadDataException)
        {
            table.Add(new ImportProblem(
                $"row {parser.RawRow}", "", "has a quote inside a field. Put the whole field in quotes and double the quotes "
                    + "inside it: \"the \"\"old\"\" gate\"."));
        }
        return table.Parsed;
    }

    public static string Write(AssetKind kind, IEnumerable<IAsset> assets)
    {
        var form = AssetForm.All[kind];
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var configuration = Configuration();
        configuration.NewLine = "\r\n";
        using var csv = new CsvWriter(text, configuration);
        foreach (var column in form.KnownColumns.Except(form.ImportOnly))
        {
            csv.WriteField(column);
        }
        csv.NextRecord();
        foreach (var asset in assets)
        {
            foreach (var (_, value) in form.Write(asset))
            {
                csv.WriteField(value switch
                {
                    true => "true",
                    false => "false",
                    _ => Convert.ToString(value, CultureInfo.InvariantCulture),
                });
            }
            csv.NextRecord();
        }
        csv.Flush();
        return text.ToString();
    }

    private static CsvConfiguration Configuration() => new(CultureInfo.InvariantCulture)
    {
        TrimOptions = TrimOptions.Trim,
        DetectColumnCountChanges = false,
        IgnoreBlankLines = true,
    };

    private static string[]? Header(CsvParser parser, AssetForm form, AssetTable table)
    {
        if (!parser.Read())
        {
            var names = string.Join(",", form.KnownColumns);
            table.Add(new ImportProblem("", "", $"The file is empty. Its first row names the columns: {names}."));
            return null;
        }
        var columns = parser.Record!.Select(c => c.ToLowerInvariant()).ToArray();
        foreach (var unknown in columns.Where(c => c.Length > 0).Except(form.KnownColumns))
        {
            table.AddUnknown("row 1", unknown, form, name => name);
        }
        foreach (var twice in columns.Where(c => c.Length > 0).GroupBy(c => c).Where(c => c.Count() > 1))
        {
            table.Add(new ImportProblem("row 1", twice.Key, "is there twice."));
        }
        return table.Parsed.Problems.Count == 0 ? columns : null;
    }

    private static void ReadRow(CsvParser parser, AssetForm form, string[] columns, AssetTable table)
    {
        var record = parser.Record!;
        // A row of nothing but commas is what a spreadsheet leaves where rows were deleted.
        if (record.All(string.IsNullOrEmpty))
        {
            return;
        }
        var place = $"row {parser.RawRow}";
        if (record.Skip(columns.Length).Any(field => field.Length > 0))
        {
            table.Add(new ImportProblem(
                place, "", $"has {record.Length} fields, the header has {columns.Length}. "
                    + "Put a field that has commas in quotes."));
            return;
        }
        var values = columns.Zip(record).Where(cell => cell.First.Length > 0 && cell.Second.Length > 0)
            .ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal);
        table.Add(form, place, values, name => name);
    }
}
