using SmartCity.Domain.Registry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Live;
using DomainMeter = SmartCity.Domain.Telemetry.MeterRecord;
using Pile = SmartCity.Domain.Registry.Pile;

namespace SmartCity.Server.Api.Charging;

/// <summary>Live ports as the wire has them.</summary>
internal static class PortMessages
{
    /// <summary>One port of a pile.</summary>
    public static Port Of(Place<Pile> place, PileState pile, PortState port)
    {
        var message = new Port
        {
            PileId = pile.Id,
            Port_ = port.Port,
            CompoundId = place.Compound,
            Status = (PortStatus)port.Status,
            LastKnownStatus = (PortStatus)port.LastKnown,
            StatusSince = port.Since.ToTimestamp(),
            Stale = port.Stale,
            LastHeardTime = pile.LastHeard.ToTimestamp(),
            SessionId = port.Session ?? "",
            LastMeter = port.LastMeter is { } meter ? Of(meter) : null,
            MeterCurrent = port.MeterCurrent,
            VendorStatus = port.VendorStatus ?? "",
        };
        message.FaultCodes.AddRange(port.FaultCodes);
        return message;
    }

    private static MeterRecord Of(in DomainMeter record)
    {
        var message = new MeterRecord
        {
            Time = record.Stamp.Time.Milliseconds,
            Port = record.Port,
            SessionId = record.SessionId ?? "",
        };
        Set(record.VoltageV, value => message.VoltageV = value);
        Set(record.CurrentA, value => message.CurrentA = value);
        Set(record.PowerW, value => message.PowerW = value);
        Set(record.SessionEnergyWh, value => message.SessionEnergyWh = value);
        Set(record.RegisterWh, value => message.RegisterWh = value);
        Set(record.PortTempC, value => message.PortTempC = value);
        Set(record.AmbientTempC, value => message.AmbientTempC = value);
        Set(record.LeakageMa, value => message.LeakageMa = value);
        return message;
    }

    // Absent stays absent: a missing sensor is not 0.
    private static void Set(double? value, Action<double> set)
    {
        if (value is { } given)
        {
            set(given);
        }
    }
}
