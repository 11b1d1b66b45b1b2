using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Messages of one power-up that never came, or not yet: numbers missing between those that did. What came before the
/// first number or after the last is not known.</summary>
/// <param name="Missing">In order, both ends inclusive.</param>
/// <param name="IsPartial">More came than is remembered, so that some of <paramref name="Missing"/> may be in the store.</param>
public sealed record MessageGap(
    DeviceKind Kind, string Device, string Boot, Instant FirstReceived, Instant LastReceived,
    IReadOnlyList<(long First, long Last)> Missing, bool IsPartial)
{
    /// <summary>How many messages; <see cref="long.MaxValue"/> when there are more.</summary>
    public long Count => Missing.Aggregate(
        0L, (sum, hole) => (long)Int128.Min((Int128)sum + hole.Last - hole.First + 1, long.MaxValue));
}
