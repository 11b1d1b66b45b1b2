using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>
/// 106 TEMPERATURE_RISE_ABNORMAL. A socket warms with its load; a loose contact warms more. A port's excess is its rise over the
/// air, less what its share of the rated power explains. It is abnormal while the excess is large, also against the median excess
/// of the pile's other ports (with less than two of them known, the port stands alone), and stays so for the hold.
/// </summary>
internal sealed class TemperatureRises(FaultThresholds thresholds, DerivedEvents events)
{
    private const int SiblingsMin = 2;

    private readonly Dictionary<int, (Instant At, double Excess)> latest = [];
    private readonly Dictionary<int, Instant> since = [];

    public void Check(in SensorSample sample, double? rated)
    {
        if (sample.PortTempC is not { } port || sample.AmbientTempC is not { } ambient || sample.PowerW is not { } power
            || rated is not > 0)
        {
            return;
        }
        var at = sample.Stamp.Time;
        var excess = port - ambient - (thresholds.RiseAtRatedK * power / rated.Value);
        if (latest.TryGetValue(sample.Port, out var last) && at - last.At > thresholds.RiseHold * 2)
        {
            since.Remove(sample.Port);
        }
        latest[sample.Port] = (at, excess);
        var isAbnormal = excess >= thresholds.RiseExcessK && excess - Siblings(sample.Port, at) >= thresholds.RiseAboveSiblingsK;
        if (!isAbnormal)
        {
            since.Remove(sample.Port);
        }
        else
        {
            since.TryAdd(sample.Port, at);
        }
        events.Measure(
            sample.Stamp, sample.Port, FaultCode.TemperatureRiseAbnormal, excess,
            isAbnormal && at - since[sample.Port] >= thresholds.RiseHold, excess < thresholds.RiseAboveSiblingsK);
    }

    /// <summary>The median excess of the other ports that were measured lately.</summary>
    private double Siblings(int port, Instant at)
    {
        var others = new List<double>(latest.Count);
        foreach (var (other, (when, excess)) in latest)
        {
            if (other != port && at - when <= thresholds.RiseHold * 2)
            {
                others.Add(excess);
            }
        }
        others.Sort();
        return others.Count < SiblingsMin ? 0 : (others[(others.Count - 1) / 2] + others[others.Count / 2]) / 2;
    }
}
