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
    public static IEnumerable<Fault> Of(PileHistory history, FaultThresholds thresholds, Instant evaluation)
    {
        var events = new DerivedEvents();
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
        StatusFlaps.Find(history.Statuses, thresholds, evaluation, events);
        return FaultLog.Of(events.Records, evaluation).Faults.Select(fault => fault with { Derived = true });
    }

    private static void CheckLimits(in SensorSample sample, double? rated, FaultThresholds thresholds, DerivedEvents events)
    {
        if (sample.PortTempC is { } temperature)
        {
            events.Note(
                sample.Stamp, sample.Port, FaultCode.PortOverTemperature, temperature,
                temperature >= thresholds.PortTempC, temperature <= thresholds.PortTempC - thresholds.PortTempClearK);
        }
        if (sample.PowerW is { } power && rated is { } limit)
        {
            events.Note(
                sample.Stamp, sample.Port, FaultCode.OverPowerPort, power, power > limit * thresholds.PowerFactor,
                    power <= limit);
        }
        if (sample.AmbientTempC is { } ambient)
        {
            events.Note(
                sample.Stamp, 0, FaultCode.AmbientUnderTemperature, ambient,
                ambient < thresholds.AmbientMinC, ambient >= thresholds.AmbientMinC + thresholds.AmbientClearK);
        }
    }
}

/// <summary>Turns conditions into RAISED and CLEARED, each once per change.</summary>
internal sealed class DerivedEvents
{
    private readonly Dictionary<(int Port, int Code), Severity> open = [];

    public List<FaultRecord> Records { get; } = [];

    public bool IsOpen(int port, int code) => open.ContainsKey((port, code));

    /// <param name="holds">The condition is there; raises, and raises again when it got worse.</param>
    /// <param name="ends">The condition is surely gone. Between the two nothing changes.</param>
    public void Note(in Stamp stamp, int port, int code, double? value, bool holds, bool ends)
    {
        var severity = FaultCode.SeverityOf(code, value);
        var isOpen = open.TryGetValue((port, code), out var known);
        if (holds && (!isOpen || severity > known))
        {
            open[(port, code)] = severity;
            Records.Add(new FaultRecord(stamp, port, code, FaultEvent.Raised, value, null, null));
        }
        else if (ends && isOpen)
        {
            open.Remove((port, code));
            Records.Add(new FaultRecord(stamp, port, code, FaultEvent.Cleared, value, null, null));
        }
    }
}
