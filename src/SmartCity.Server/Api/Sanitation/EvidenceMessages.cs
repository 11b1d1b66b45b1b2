using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Registry.Decisions;
using EvidenceGrade = SmartCity.Protocol.V1.EvidenceGrade;
using EvidenceType = SmartCity.Domain.Telemetry.EvidenceType;
using EvidenceUse = SmartCity.Protocol.V1.EvidenceUse;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Evidence on its way to the wire, with what supervisors decided about it.</summary>
internal static class EvidenceMessages
{
    /// <param name="said">What people entered about the obligation.</param>
    /// <param name="rulings">What was decided about what trucks sent.</param>
    public static EvidenceUse Of(
        Domain.Sanitation.EvidenceUse use, IReadOnlyList<Confirmation> said, IReadOnlyList<EvidenceRuling> rulings)
    {
        var record = use.Record;
        var message = new EvidenceUse
        {
            TruckId = record.Stamp.Device,
            Time = record.Stamp.Time.ToTimestamp(),
            ReceivedTime = record.Stamp.Received.ToTimestamp(),
            Type = (Protocol.V1.EvidenceType)record.Type,
            Grade = (EvidenceGrade)use.Grade,
            Accepted = use.Accepted,
            Reason = use.Reason,
            Epc = record.Epc ?? "",
            Entered = (record.Stamp.Flags & StampFlags.Entered) != 0,
        };
        if (record.NetKg is { } kg)
        {
            message.NetKg = kg;
        }
        if (use.DistanceM is { } metres)
        {
            message.DistanceM = metres;
        }
        if (record.Type is EvidenceType.Manual or EvidenceType.Photo)
        {
            AddPeople(message, record, said, rulings);
        }
        return message;
    }

    private static void AddPeople(
        EvidenceUse message, EvidenceRecord record, IReadOnlyList<Confirmation> said, IReadOnlyList<EvidenceRuling> rulings)
    {
        message.MadeBy = record.CrewId ?? "";
        if (!message.Entered)
        {
            message.EvidenceId = EvidenceId.Of(record.Stamp).ToString();
            message.Decisions.AddRange(
                rulings.Where(r => r.EvidenceId == message.EvidenceId).Select(r => DecisionMessages.Of(r.Decision)));
        }
        else if (said.FirstOrDefault(c => c.Number == record.Stamp.Sequence) is { } confirmation)
        {
            message.EvidenceId = confirmation.Id;
            message.Decisions.AddRange(confirmation.Decisions.Select(DecisionMessages.Of));
        }
    }
}
