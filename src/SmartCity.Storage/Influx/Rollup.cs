using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>What one pile or point came to on one day.</summary>
/// <param name="Values">Of the fields of its <see cref="Rollup"/>, in their order.</param>
public sealed record RollupRow(string Device, IReadOnlyList<double> Values);

/// <summary>What all piles, or all points, came to on one day, for those who read InfluxDB themselves.</summary>
/// <param name="Day">When the local day begins.</param>
public sealed record Rollup(string Measurement, IReadOnlyList<string> Fields, Instant Day, IReadOnlyList<RollupRow> Rows)
{
    /// <summary>Another number when it says something else.</summary>
    public long Hash()
    {
        var hash = new XxHash3();
        foreach (var row in Rows)
        {
            hash.Append(Encoding.UTF8.GetBytes(row.Device));
            hash.Append(MemoryMarshal.AsBytes<double>(row.Values.ToArray()));
        }
        return unchecked((long)hash.GetCurrentHashAsUInt64());
    }
}
