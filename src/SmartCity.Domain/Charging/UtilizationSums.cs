using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>The figures of one group in one bucket. Times are ms of ports (compounds for the last three), and add up
/// exactly.</summary>
public sealed class UtilizationSums
{
    private readonly long[] byStatus = new long[UtilizationTable.Statuses];

    internal UtilizationSums()
    {
    }

    /// <summary>Energy in millionths of a watt-hour.</summary>
    public long EnergyMicroWh { get; internal set; }

    /// <summary>Sessions that started here.</summary>
    public long Sessions { get; internal set; }

    /// <summary>Energy samples that could not be counted.</summary>
    public long Suspects { get; internal set; }

    /// <summary>Ports that were commissioned at any time here.</summary>
    public int Ports { get; internal set; }

    /// <summary>Compound time without a free port though enough were seen.</summary>
    public long Saturated { get; internal set; }

    /// <summary>Compound time with too few ports seen.</summary>
    public long SaturationUnknown { get; internal set; }

    /// <summary>Compound time with every port down.</summary>
    public long Blackout { get; internal set; }

    /// <summary>The local hour with the highest occupancy, the first on a tie; null when nothing was seen.</summary>
    public int? PeakHour { get; internal set; }

    /// <summary>Time in a derived status.</summary>
    public long this[PortStatus status] => byStatus[(int)status];

    /// <summary>All time that counts.</summary>
    public long Commissioned => byStatus.Sum();

    /// <summary>Commissioned, less UNKNOWN and OFFLINE.</summary>
    public long Seen => Commissioned - this[PortStatus.Unknown] - this[PortStatus.Offline];

    /// <summary>CHARGING and FLOATING.</summary>
    public long Charging => this[PortStatus.Charging] + this[PortStatus.Floating];

    /// <summary>A plug is in and nothing flows.</summary>
    public long Idle => this[PortStatus.Plugged] + this[PortStatus.SuspendedByPile] + this[PortStatus.FinishedPlugged];

    /// <summary>Charging and idle.</summary>
    public long Occupied => Charging + Idle;

    /// <summary>OFFLINE, UNAVAILABLE and FAULTED.</summary>
    public long Down => this[PortStatus.Offline] + this[PortStatus.Unavailable] + this[PortStatus.Faulted];

    /// <summary>Commissioned, less UNKNOWN: what uptime is judged by.</summary>
    public long Judged => Commissioned - this[PortStatus.Unknown];

    /// <summary>Occupied of what was seen.</summary>
    public double? Occupancy => Ratio(Occupied, Seen);

    /// <summary>Charging of what was seen.</summary>
    public double? ChargingRatio => Ratio(Charging, Seen);

    /// <summary>Occupied of what was seen in order.</summary>
    public double? AvailabilityAdjusted => Ratio(Occupied, Seen - this[PortStatus.Unavailable] - this[PortStatus.Faulted]);

    /// <summary>Idle of what was occupied.</summary>
    public double? OverstayRatio => Ratio(Idle, Occupied);

    /// <summary>Sessions per commissioned port and day.</summary>
    public double? Turnover => Commissioned == 0 ? null : Sessions / (Commissioned / 86_400_000d);

    /// <summary>Seen of what was commissioned.</summary>
    public double? Coverage => Ratio(Seen, Commissioned);

    /// <summary>Seen in order, of what was seen.</summary>
    public double? Availability => Ratio(Seen - this[PortStatus.Unavailable] - this[PortStatus.Faulted], Seen);

    /// <summary>Uptime: the judged time without its outages, but for so many ms of them that are excluded.</summary>
    public double? Uptime(long excludedMs) => Ratio(Judged - (Down - excludedMs), Judged);

    internal void Add(ReadOnlySpan<long> milliseconds)
    {
        for (var i = 0; i < byStatus.Length; i++)
        {
            byStatus[i] += milliseconds[i];
        }
    }

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
