using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using CollectionRisk = SmartCity.Protocol.V1.CollectionRisk;
using EtaMethod = SmartCity.Protocol.V1.EtaMethod;
using RiskCause = SmartCity.Protocol.V1.RiskCause;
using TruckOutlook = SmartCity.Protocol.V1.TruckOutlook;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>What is to be expected, from the domain to the wire.</summary>
internal static class OutlookMessages
{
    public static AtRiskObligation Of(AtRisk row, Instant now) => new()
    {
        Obligation = SanitationMessages.Of(row.Outcome),
        Outlook = OutlookOf(row, now),
    };

    private static CollectionOutlook OutlookOf(AtRisk row, Instant now)
    {
        var message = new CollectionOutlook
        {
            Risk = (CollectionRisk)row.Risk,
            Cause = (RiskCause)row.Cause,
            Eta = row.Eta.ToTimestamp(),
            Method = (EtaMethod)row.Method,
            LeftOnTimeS = (row.Outcome.Obligation.OnTimeUntil - now).TotalSeconds,
            LeftCutoffS = (row.Outcome.Obligation.AcceptUntil - now).TotalSeconds,
            Reason = row.Reason,
            Certainty = row.Certainty,
            Unseen = row.Unseen,
            Trucks = { row.Trucks.Select(Of) },
        };
        if (row is { MarginOnTime: { } onTime, MarginCutoff: { } cutoff })
        {
            (message.MarginOnTimeS, message.MarginCutoffS) = (onTime.TotalSeconds, cutoff.TotalSeconds);
        }
        return message;
    }

    private static TruckOutlook Of(Domain.Sanitation.TruckOutlook truck)
    {
        var message = new TruckOutlook
        {
            TruckId = truck.TruckId,
            Plate = truck.Plate,
            Planned = truck.IsPlanned,
            Tracked = truck.IsTracked,
            Silent = truck.IsSilent,
            PositionTime = truck.PositionTime.ToTimestamp(),
            StandingSince = truck.StandingSince.ToTimestamp(),
            Eta = truck.Eta.ToTimestamp(),
            DirectArrival = truck.DirectArrival.ToTimestamp(),
            StopsServed = truck.StopsServed,
        };
        if (truck.DistanceM is { } metres)
        {
            message.DistanceM = metres;
        }
        return message;
    }
}
