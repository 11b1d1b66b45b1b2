using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry;

/// <summary>One version of an asset and when the registry learned it.</summary>
public sealed record RecordedAsset(IAsset Asset, Instant RecordedAt);
