using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>
/// 106 TEMPERATURE_RISE_ABNORMAL. A socket warms with its load; a loose contact warms more. A port's excess is its rise over the
/// air, less what the measured share of its rated power explains. How much a full load would explain is told by the pile's other
/// ports, within what is sound; a port alone is given the most that a sound one may have. It is abnormal while the excess is large
/// for the hold.
/// </summary>
internal sealed class TemperatureRises(FaultThresholds thresholds, DerivedEvents events)
{
    private const int SiblingsMin = 2;

    private readonly Dictionary<int, (Instant At, double? AtRated)> latest = [];
    private readonly Dictionary<int, Instant> since = [];

    public void Check(in SensorSample sample, double? rated)
    {
        if (sample.PortTempC is not { } port || sample.AmbientTempC is not { } ambient || sample.PowerW is not { } power
            || rated is not > 0)
        {
            return;
        }
        var at = sample.Stamp.Time;
        var (rise, share) = (port - ambient, power / rated.Value);
        var excess = rise - (share * SoundAtRated(sample.Port, at));
        if (latest.TryGetValue(sample.Port, out var last) && at - last.At > thresholds.RiseHold * 2)
        {
            since.Remove(sample.Port);
        }
        latest[sample.Port] = (at, share >= thresholds.RiseShareMin ? rise / share : null);
        var isAbnormal = excess >= thresholds.RiseExcessK;
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
            isAbnormal && at - since[sample.Port] >= thresholds.RiseHold, excess < thresholds.RiseClearK);
    }

    /// <summary>How much warmer than the air a sound port would be at its rated power, K: the median of the other ports that were
    /// measured lately with some load.</summary>
    private double SoundAtRated(int port, Instant at)
    {
        var others = new List<double>(latest.Count);
        foreach (var (other, (when, atRated)) in latest)
        {
            if (other != port && at - when <= thresholds.RiseHold * 2 && atRated is { } known)
            {
                others.Add(known);
            }
        }
        if (others.Count < SiblingsMin)
        {
            return thresholds.RiseAtRatedMaxK;
        }
        others.Sort();
        var median = (others[(others.Count - 1) / 2] + others[others.Count / 2]) / 2;
        return Math.Clamp(median, thresholds.RiseAtRatedMinK, thresholds.RiseAtRatedMaxK);
    }
}
