using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>
/// When a fault that samples tell of ends without one that says so: many piles measure only while they charge, and what nobody
/// measures any more is not claimed for ever. A pile that is silent as a whole ends nothing: the last it said may be why.
/// </summary>
internal sealed class LastMeasured(PileHistory history, IReadOnlyList<OfflineSpan> offline, FaultThresholds thresholds)
{
    private readonly Dictionary<(int Port, int Code), Stamp> last = [];

    /// <summary>A sample told of the code, whatever it said.</summary>
    public void Note(int port, int code, in Stamp stamp) => last[(port, code)] = stamp;

    /// <summary>The moment from which the fault counts as over unless it is measured before; null while the pile stays
    /// silent, and before the first sample.</summary>
    public Stamp? EndOf(int port, int code)
    {
        if (!last.TryGetValue((port, code), out var stamp))
        {
            return null;
        }
        var end = stamp.Time + MaxOf(code, stamp.Time);
        foreach (var span in offline)
        {
            if (span.From <= end && end < span.Until)
            {
                return span.IsOpen ? null : stamp with { Time = span.Until };
            }
        }
        return stamp with { Time = end };
    }

    private TimeSpan MaxOf(int code, Instant at)
    {
        if (code == FaultCode.AmbientUnderTemperature)
        {
            return thresholds.AmbientUnmeasuredMax;
        }
        var version = history.VersionAt(at);
        var reports = version < 0 ? TimeSpan.Zero : DerivedStatus.OfflineAfter(history.Versions[version].ReportInterval);
        return reports > thresholds.UnmeasuredMax ? reports : thresholds.UnmeasuredMax;
    }
}
