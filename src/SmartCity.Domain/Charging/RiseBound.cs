using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>How much energy a port of the pile can have given between two samples. Asked in time order.</summary>
internal struct RiseBound(PileHistory history, ChargingRules rules)
{
    private int version = -1;

    /// <summary>Millionths of a watt-hour; without a rated power there is no bound.</summary>
    public long Max(Instant since, Instant at)
    {
        if (version < 0 || !history.Versions[version].Validity.Contains(at))
        {
            version = history.VersionAt(at);
        }
        if (version < 0 || history.Versions[version].RatedPortPowerW is not { } rated)
        {
            return long.MaxValue;
        }
        var hours = Math.Max(0, at.Milliseconds - since.Milliseconds) / 3_600_000d;
        return SessionLedger.MicroWh((rules.RiseFactor * rated * hours) + rules.RiseAllowanceWh);
    }
}
