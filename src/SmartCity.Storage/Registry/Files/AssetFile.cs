using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Assets as text, CSV or JSON: what docs/registry.md describes.</summary>
public static class AssetFile
{
    /// <summary>Reads a file of one kind with a header row.</summary>
    /// <param name="now">Says which day's start a version is valid from when the file does not say.</param>
    public static ParsedAssets ReadCsv(AssetKind kind, string content, Instant now) => AssetCsv.Read(kind, content, now);

    /// <summary>Reads a JSON object with a list per kind.</summary>
    /// <param name="now">Says which day's start a version is valid from when the file does not say.</param>
    public static ParsedAssets ReadJson(string content, Instant now) => AssetJson.Read(content, now);

    /// <summary>Writes assets of one kind; what is read from it equals them.</summary>
    public static string WriteCsv(AssetKind kind, IEnumerable<IAsset> assets) => AssetCsv.Write(kind, assets);

    /// <summary>Writes assets of any kinds; what is read from it equals them.</summary>
    public static string WriteJson(IEnumerable<IAsset> assets) => AssetJson.Write(assets);
}
