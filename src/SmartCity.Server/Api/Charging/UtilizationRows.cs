using SmartCity.Domain.Charging;
using SmartCity.Protocol.V1;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Server.Api.Charging;

/// <summary>Writes figures as the wire has them.</summary>
internal static class UtilizationRows
{
    public static UtilizationRow RowOf(RowKey key, UtilizationSums sums)
    {
        var row = new UtilizationRow
        {
            Key = key,
            CommissionedSeconds = Seconds(sums.Commissioned),
            SeenSeconds = Seconds(sums.Seen),
            OccupiedSeconds = Seconds(sums.Occupied),
            ChargingSeconds = Seconds(sums.Charging),
            IdleSeconds = Seconds(sums.Idle),
            AvailableSeconds = Seconds(sums[PortStatus.Available]),
            ReservedSeconds = Seconds(sums[PortStatus.Reserved]),
            DownSeconds = Seconds(sums.Down),
            OfflineSeconds = Seconds(sums[PortStatus.Offline]),
            UnavailableSeconds = Seconds(sums[PortStatus.Unavailable]),
            FaultedSeconds = Seconds(sums[PortStatus.Faulted]),
            UnknownSeconds = Seconds(sums[PortStatus.Unknown]),
            EnergyWh = WattHours(sums.EnergyMicroWh),
            Sessions = sums.Sessions,
            SuspectSamples = sums.Suspects,
            SaturatedSeconds = Seconds(sums.Saturated),
            SaturationUnknownSeconds = Seconds(sums.SaturationUnknown),
            BlackoutSeconds = Seconds(sums.Blackout),
            Ports = sums.Ports,
        };
        AddRatios(row, sums);
        return row;
    }

    public static double Seconds(long milliseconds) => milliseconds / 1000d;

    public static double WattHours(long microWh) => microWh / 1e6;

    private static void AddRatios(UtilizationRow row, UtilizationSums sums)
    {
        if (sums.Occupancy is { } occupancy)
        {
            row.Occupancy = occupancy;
        }
        if (sums.ChargingRatio is { } charging)
        {
            row.ChargingRatio = charging;
        }
        if (sums.AvailabilityAdjusted is { } adjusted)
        {
            row.AvailabilityAdjusted = adjusted;
        }
        if (sums.OverstayRatio is { } overstay)
        {
            row.OverstayRatio = overstay;
        }
        if (sums.Turnover is { } turnover)
        {
            row.Turnover = turnover;
        }
        if (sums.Coverage is { } coverage)
        {
            row.Coverage = coverage;
        }
        if (sums.PeakHour is { } peak)
        {
            row.PeakHour = peak;
        }
    }
}
