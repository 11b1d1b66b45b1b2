using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry;

/// <summary>Works out what an import changes, from what is registered and what the file says. Touches no database.</summary>
internal sealed class RegistryImport
{
    private readonly List<AssetRow> superseded = [];
    private readonly List<IAsset> recorded = [];
    private readonly List<IAsset> result;
    private int added;
    private int changed;
    private int unchanged;

    /// <param name="registered">The rows of what is known now.</param>
    public RegistryImport(IReadOnlyCollection<AssetRow> registered, ParsedAssets file)
    {
        var problems = new List<ImportProblem>(file.Problems);
        var imported = file.Rows.GroupBy(row => (Kind: AssetKinds.KindOf(row.Asset), row.Asset.Id)).ToList();
        var touched = imported.Select(asset => asset.Key).ToHashSet();
        var known = registered.Select(row => (Row: row, Asset: row.ToAsset())).ToList();
        var affected = known.Where(k => touched.Contains((AssetKinds.KindOf(k.Asset), k.Asset.Id)))
            .OrderBy(k => k.Row.ValidFrom).ToLookup(k => (AssetKinds.KindOf(k.Asset), k.Asset.Id));
        result = [.. known.Where(k => !touched.Contains((AssetKinds.KindOf(k.Asset), k.Asset.Id))).Select(k => k.Asset)];
        foreach (var asset in imported)
        {
            if (Versions(asset, problems) is { } versions)
            {
                Merge([.. affected[asset.Key]], versions);
            }
        }
        problems.AddRange(AssetChecks.Of([.. known.Select(k => k.Asset)], result, file));
        Problems = [.. problems.Take(ImportOutcome.ProblemsMax)];
    }

    /// <summary>What keeps the file from being imported.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; }

    /// <summary>Rows that no longer tell what is known.</summary>
    public IReadOnlyList<AssetRow> Superseded => superseded;

    /// <summary>Versions that are known from now on.</summary>
    public IReadOnlyList<IAsset> Recorded => recorded;

    /// <summary>The outcome, also of an import that is only tried.</summary>
    public ImportOutcome Outcome => Problems.Count > 0 ? new(0, 0, 0, Problems) : new(added, changed, unchanged, []);

    /// <summary>The moment to record the import at: after every other one, so that each moment between two of them has one
    /// answer, whatever the clock does.</summary>
    public static Instant RecordedAt(DateTimeOffset now, long? lastRecordedAt) =>
        new(Math.Max(Instant.From(now).Milliseconds, lastRecordedAt + 1 ?? long.MinValue));

    private static List<IAsset>? Versions(IEnumerable<ParsedAsset> rows, List<ImportProblem> problems)
    {
        var ordered = rows.OrderBy(row => row.Asset.Validity.From).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (Timeline.Overlap(ordered[i - 1].Asset.Validity, ordered[i].Asset.Validity))
            {
                var (id, place, other) = (ordered[i].Asset.Id, ordered[i].Place, ordered[i - 1].Place);
                problems.Add(new ImportProblem(
                    place, "id", $"'{id}' is also in {other}, and both are valid at the same time. Leave one out, or give valid_from "
                        + "and valid_until so that one ends where the other begins."));
                return null;
            }
        }
        return [.. ordered.Select(row => row.Asset)];
    }

    private void Merge(List<(AssetRow Row, IAsset Asset)> registered, List<IAsset> versions)
    {
        var timeline = Timeline.Overlay([.. registered.Select(r => r.Asset)], versions);
        result.AddRange(timeline);
        var kept = registered.Where(r => timeline.Contains(r.Asset)).ToList();
        if (registered.Count == 0)
        {
            added++;
        }
        else if (kept.Count == registered.Count && kept.Count == timeline.Count)
        {
            unchanged++;
        }
        else
        {
            changed++;
        }
        superseded.AddRange(registered.Except(kept).Select(r => r.Row));
        recorded.AddRange(timeline.Except(kept.Select(k => k.Asset)));
    }
}
