using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Collects the rows of a file, whatever its format.</summary>
internal sealed class AssetTable(Instant now)
{
    private readonly List<ParsedAsset> rows = [];
    private readonly List<ImportProblem> problems = [];
    private readonly HashSet<(AssetKind, string)> faultyIds = [];

    /// <summary>Whether more problems than are shown have been found, so that reading on is of no use.</summary>
    public bool IsHopeless => problems.Count > ImportOutcome.ProblemsMax;

    public ParsedAssets Parsed => new(rows, problems, faultyIds);

    public void Add(ImportProblem problem) => problems.Add(problem);

    /// <param name="values">The texts that are not empty, by column.</param>
    /// <param name="nameOf">How the file calls a column.</param>
    public void Add(AssetForm form, string place, IReadOnlyDictionary<string, string> values, Func<string, string> nameOf)
    {
        var fields = new AssetFields(place, values, nameOf, now);
        var asset = form.Read(fields);
        if (fields.Problems.Count == 0)
        {
            rows.Add(new ParsedAsset(asset, place));
            return;
        }
        problems.AddRange(fields.Problems);
        faultyIds.Add((form.Kind, asset.Id));
    }

    /// <summary>Says that a column is not known, and which one may have been meant.</summary>
    public void AddUnknown(string place, string column, AssetForm form, Func<string, string> nameOf)
    {
        var known = form.KnownColumns.Select(nameOf).ToList();
        problems.Add(new ImportProblem(
            place, column.Length <= 40 ? column : column[..40], $"is not known for {form.ListName}. "
                + (EditDistance.Nearest(column, known) is { } meant ? $"Did you mean '{meant}'? " : "")
                + $"Known are: {string.Join(", ", known)}."));
    }
}
