using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>
/// Faults read from what a pile measures and reports, as the records that the pile itself would have sent; so they have the same
/// debounce, severities and intervals as reported ones.
/// </summary>
public static class SensorFaults
{
    /// <summary>The derived faults of a settled history.</summary>
    /// <param name="offline">The pile's silences that were too long.</param>
    public static IEnumerable<Fault> Of(
        PileHistory history, IReadOnlyList<OfflineSpan> offline, FaultThresholds thresholds, Instant evaluation)
    {
        var measured = new LastMeasured(history, offline, thresholds);
        var events = new DerivedEvents(measured);
        var rises = new TemperatureRises(thresholds, events);
        foreach (var sample in history.Sensors)
        {
            if (sample.Stamp.Time > evaluation)
            {
                break;
            }
            var version = history.VersionAt(sample.Stamp.Time);
            // Nobody is warned of a pile that is not in service, and its rating is not known.
            if (history.HasPort(version, sample.Port))
            {
                var rated = history.Versions[version].RatedPortPowerW;
                CheckLimits(sample, rated, thresholds, events);
                rises.Check(sample, rated);
            }
        }
        events.EndUnmeasured(evaluation);
        StatusFlaps.Find(history.Statuses, thresholds, evaluation, events);
        return FaultLog.Of(events.Records, evaluation).Faults.Select(fault => fault with { Derived = true });
    }

    private static void CheckLimits(in SensorSample sample, double? rated, FaultThresholds thresholds, DerivedEvents events)
    {
        if (sample.PortTempC is { } temperature)
        {
            events.Measure(
                sample.Stamp, sample.Port, FaultCode.PortOverTemperature, temperature,
                temperature >= thresholds.PortTempC, temperature <= thresholds.PortTempC - thresholds.PortTempClearK);
        }
        if (sample.PowerW is { } power && rated is { } limit)
        {
            events.Measure(
                sample.Stamp, sample.Port, FaultCode.OverPowerPort, power, power > limit * thresholds.PowerFactor,
                    power <= limit);
        }
        if (sample.AmbientTempC is { } ambient)
        {
            events.Measure(
                sample.Stamp, 0, FaultCode.AmbientUnderTemperature, ambient,
                ambient < thresholds.AmbientMinC, ambient >= thresholds.AmbientMinC + thresholds.AmbientClearK);
        }
    }
}
