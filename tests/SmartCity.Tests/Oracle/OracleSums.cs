using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>The figures of one group in one bucket; times in seconds.</summary>
internal sealed class OracleSums
{
    private readonly long[] occupiedByHour = new long[24];
    private readonly long[] seenByHour = new long[24];
    private readonly bool[,] commissioned = new bool[3, OracleWorld.PortsMax + 1];

    public long[] Statuses { get; } = new long[(int)PortStatus.Offline + 1];

    public decimal EnergyWh { get; set; }

    public long Sessions { get; set; }

    public long Suspects { get; set; }

    public int Ports => commissioned.Cast<bool>().Count(isIn => isIn);

    public long Saturated { get; set; }

    public long SaturationUnknown { get; set; }

    public long Blackout { get; set; }

    public int? PeakHour
    {
        get
        {
            var hours = Enumerable.Range(0, 24).Where(h => seenByHour[h] > 0).ToList();
            return hours.Count == 0 ? null : hours.MaxBy(h => (decimal)occupiedByHour[h] / seenByHour[h]);
        }
    }

    public void Add(int pile, int port, PortStatus status, int hour)
    {
        Statuses[(int)status]++;
        commissioned[pile, port] = true;
        seenByHour[hour] += status is PortStatus.Unknown or PortStatus.Offline ? 0 : 1;
        occupiedByHour[hour] += status is PortStatus.Plugged or PortStatus.Charging or PortStatus.Floating
            or PortStatus.SuspendedByPile or PortStatus.FinishedPlugged ? 1 : 0;
    }
}
