using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>A bin of a point was emptied at some time between two readings.</summary>
internal readonly record struct FillDrop(BinRecord Before, BinRecord Reading)
{
    public string PointId => Reading.Stamp.Device;

    public Instant After => Before.Stamp.Time;

    public Instant Seen => Reading.Stamp.Time;
}

/// <summary>Finds emptied bins in the readings of their fill.</summary>
internal static class FillDrops
{
    /// <summary>The drops by point, each list by time.</summary>
    public static ILookup<string, FillDrop> Of(IReadOnlyList<BinRecord> records, SanitationRules rules, Instant evaluation)
    {
        var readings = records
            .Where(r => r.FillRatio is not null && r.Stamp.Time <= evaluation && (r.Stamp.Flags & StampFlags.Undatable) == 0)
            .GroupBy(r => (Point: r.Stamp.Device, r.BinId));
        return readings.SelectMany(bin => OfBin([.. bin], rules))
            .OrderBy(d => d.Seen).ThenBy(d => d.After).ThenBy(d => d.Reading.BinId, StringComparer.Ordinal)
            .ToLookup(d => d.PointId, StringComparer.Ordinal);
    }

    private static IEnumerable<FillDrop> OfBin(BinRecord[] readings, SanitationRules rules)
    {
        Array.Sort(readings, static (a, b) =>
        {
            var order = Stamp.Compare(a.Stamp, b.Stamp);
            return order != 0 ? order : Nullable.Compare(a.FillRatio, b.FillRatio);
        });
        for (var i = 1; i < readings.Length; i++)
        {
            var (before, after) = (readings[i - 1], readings[i]);
            // Ratios are decimal fractions: 0.9 - 0.6 must be 0.3.
            if (before.FillRatio - after.FillRatio >= rules.FillDropMin - 1e-9 && after.FillRatio <= rules.FillAfterMax + 1e-9
                && after.Stamp.Time - before.Stamp.Time <= rules.FillSpanMax)
            {
                yield return new FillDrop(before, after);
            }
        }
    }
}
