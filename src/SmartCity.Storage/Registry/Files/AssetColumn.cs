using SmartCity.Domain.Registry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>One column of a kind's file, named as in the proto.</summary>
/// <param name="Value">What an export writes there: null, or a string, bool, int, double or moment.</param>
internal sealed record AssetColumn(string Name, Func<IAsset, object?> Value);
