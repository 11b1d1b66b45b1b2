using SmartCity.Domain.Registry;

namespace SmartCity.Storage.Registry;

/// <summary>One asset version as a file has it.</summary>
/// <param name="Place">Where it stands, for messages: <c>row 3</c> or <c>piles[0]</c>.</param>
public sealed record ParsedAsset(IAsset Asset, string Place);

/// <summary>What a file has: the rows that could be read, and what is wrong with the others.</summary>
/// <param name="FaultyIds">Ids of rows that could not be read, so that references to them are not reported as well.</param>
public sealed record ParsedAssets(
    IReadOnlyList<ParsedAsset> Rows, IReadOnlyList<ImportProblem> Problems, IReadOnlySet<(AssetKind Kind, string Id)> FaultyIds);
