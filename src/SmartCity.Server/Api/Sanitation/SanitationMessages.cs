using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Protocol.V1;
using ChangeCause = SmartCity.Protocol.V1.ChangeCause;
using EvidenceGrade = SmartCity.Protocol.V1.EvidenceGrade;
using Obligation = SmartCity.Protocol.V1.Obligation;
using TruckWatch = SmartCity.Protocol.V1.TruckWatch;
using Verdict = SmartCity.Protocol.V1.Verdict;
using VerdictChange = SmartCity.Protocol.V1.VerdictChange;
using Visit = SmartCity.Protocol.V1.Visit;
using VisitRole = SmartCity.Protocol.V1.VisitRole;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>From the domain to the wire.</summary>
internal static class SanitationMessages
{
    public static Obligation Of(ObligationOutcome outcome)
    {
        var due = outcome.Obligation;
        var message = new Obligation
        {
            ObligationId = due.Id,
            PointId = due.Point.Id,
            PointName = due.Point.Name,
            CompoundId = due.Point.CompoundId,
            ServiceDate = due.ServiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            WindowKey = due.Window.Key,
            WindowStart = due.Start.ToTimestamp(),
            WindowEnd = due.End.ToTimestamp(),
            OnTimeFrom = due.OnTimeFrom.ToTimestamp(),
            OnTimeUntil = due.OnTimeUntil.ToTimestamp(),
            AcceptFrom = due.AcceptFrom.ToTimestamp(),
            AcceptUntil = due.AcceptUntil.ToTimestamp(),
            Verdict = (Verdict)outcome.Verdict,
            Final = outcome.Final,
            Probable = outcome.Probable,
            Substituted = outcome.Substituted,
            PlannedTruckId = due.Assignment.TruckId ?? "",
            RouteId = due.Assignment.RouteId ?? "",
            PrimaryVisit = outcome.Primary is { } visit ? Of(visit) : null,
        };
        if (outcome.Deviation is { } deviation)
        {
            message.DeviationS = deviation.TotalSeconds;
        }
        return message;
    }

    public static Visit Of(Domain.Sanitation.Visit visit)
    {
        var message = new Visit
        {
            VisitId = visit.Id,
            TruckId = visit.TruckId,
            PointId = visit.PointId,
            ArriveTime = visit.Arrive.ToTimestamp(),
            DepartTime = visit.Depart.ToTimestamp(),
            DecisionTime = visit.Decision.ToTimestamp(),
            StoppedSeconds = visit.Stopped.TotalSeconds,
            Fixes = visit.Fixes,
            Grade = (EvidenceGrade)visit.Grade,
            Role = (VisitRole)visit.Role,
            ObligationId = visit.ObligationId ?? "",
            Lifts = visit.Lifts,
            OnlySaid = visit.IsWord,
        };
        if (visit.MinDistanceM is { } metres)
        {
            message.MinDistanceM = metres;
        }
        if (visit.NetKg is { } kg)
        {
            message.NetKg = kg;
        }
        return message;
    }

    public static PlainAnswer Of(ComplaintAnswer answer) => new()
    {
        Question = answer.Question,
        Answer = answer.Answer,
        Why = answer.Why,
        Certainty = answer.Certainty,
        Unseen = answer.Unseen,
        Outlook = answer.Outlook,
    };

    public static VerdictChange Of(Domain.Sanitation.VerdictChange change) => new()
    {
        Time = change.Time.ToTimestamp(),
        Verdict = (Verdict)change.Verdict,
        Probable = change.IsProbable,
        Cause = (ChangeCause)change.Cause,
        Reason = change.Reason,
        Restatement = change.IsRestatement,
    };

    public static TruckWatch Of(Domain.Sanitation.TruckWatch watch) => new()
    {
        TruckId = watch.TruckId,
        Tracked = watch.Tracked,
        CouldHaveComeUnseen = watch.CouldHaveComeUnseen,
        BlindFrom = watch.BlindFrom.ToTimestamp(),
        BlindUntil = watch.BlindUntil.ToTimestamp(),
        Reason = watch.Reason,
        FixesInWindow = watch.FixesInWindow,
    };
}
