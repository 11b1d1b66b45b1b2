using SmartCity.Domain.Charging;
using SmartCity.Protocol.V1;
using CapacityAdvice = SmartCity.Domain.Charging.CapacityAdvice;
using Caveat = SmartCity.Protocol.V1.CapacityCaveat;

namespace SmartCity.Server.Api.Charging;

/// <summary>Writes advice as the wire has it.</summary>
internal static class CapacityRows
{
    public static Protocol.V1.CapacityAdvice RowOf(CapacityAdvice advice, string compoundName)
    {
        var use = advice.Use;
        var row = new Protocol.V1.CapacityAdvice
        {
            CompoundId = use.CompoundId,
            CompoundName = compoundName,
            Kind = (PileKind)use.Kind,
            Ports = use.Ports,
            UnsaturatedSeconds = UtilizationRows.Seconds(use.OpenMs.Sum()),
            SaturatedSeconds = UtilizationRows.Seconds(use.SaturatedMs.Sum()),
            UnknownSeconds = UtilizationRows.Seconds(use.UnknownMs),
            Arrivals = use.Arrivals.Sum(),
            Sessions = use.Sessions,
            Hours = { Enumerable.Range(0, CapacityUse.Hours).Select(hour => HourOf(use, hour)) },
            Caveats = { advice.Caveats.Select(caveat => (Caveat)caveat) },
        };
        if (use.HoldHours is { } hold)
        {
            row.HoldSeconds = hold * 3600;
        }
        if (use.BrokenPorts is { } broken)
        {
            row.BrokenPorts = broken;
        }
        if (advice is { Load: { } load, Blocking: { } blocking, PortsToAdd: { } add, Low: { } low, High: { } high })
        {
            row.BusiestHour = load.BusiestHour;
            row.ArrivalsPerHour = load.ArrivalsPerHour;
            (row.OfferedErlang, row.OfferedErlangLow, row.OfferedErlangHigh) = (load.Erlang, low.Erlang, high.Erlang);
            row.Blocking = blocking;
            (row.PortsToAdd, row.PortsToAddLow, row.PortsToAddHigh) = (add, low.PortsToAdd, high.PortsToAdd);
            AddSaturated(row, use, load.BusiestHour);
        }
        return row;
    }

    private static void AddSaturated(Protocol.V1.CapacityAdvice row, CapacityUse use, int hour)
    {
        if (use.OpenMs[hour] + use.SaturatedMs[hour] is > 0 and var known)
        {
            row.SaturatedRatio = (double)use.SaturatedMs[hour] / known;
        }
    }

    private static CapacityHour HourOf(CapacityUse use, int hour) => new()
    {
        Hour = hour,
        UnsaturatedSeconds = UtilizationRows.Seconds(use.OpenMs[hour]),
        SaturatedSeconds = UtilizationRows.Seconds(use.SaturatedMs[hour]),
        Arrivals = use.Arrivals[hour],
    };
}
