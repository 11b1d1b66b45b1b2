using SmartCity.Domain.Sanitation;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>When a verdict may change though no device reports anything.</summary>
internal static class HistoryMilestones
{
    public static IEnumerable<Milestone> Of(Obligation due) =>
    [
        new(due.AcceptFrom, ChangeCause.Time, "The collection could be served from here on."),
        new(due.OnTimeUntil, ChangeCause.Time, "The time in which it was on time ended."),
        new(due.AcceptUntil, ChangeCause.Time, "The cutoff passed."),
    ];

    public static IEnumerable<Milestone> Of(ObligationException exception)
    {
        var name = $"exception {exception.Id} ({exception.Reason})";
        if (exception.Approved is { } approved)
        {
            yield return new Milestone(approved, ChangeCause.Exception, $"{exception.Approver} approved {name}.");
        }
        if (exception.Ended is { } ended)
        {
            var word = exception.IsWithdrawn ? "withdrew" : "rejected";
            yield return new Milestone(ended, ChangeCause.Exception, $"{exception.EndedBy} {word} {name}.");
        }
    }

    public static IEnumerable<Milestone> Of(Confirmation said) =>
    [
        new(said.Recorded, ChangeCause.Confirmation, $"{said.ConfirmedBy} confirmed the collection ({said.Id})."),
        .. said.Decisions.Select(d => Of(d, $"confirmation {said.Id} of {said.ConfirmedBy}")),
    ];

    public static Milestone Of(EvidenceRuling ruling) => Of(ruling.Decision, $"what a truck sent ({ruling.EvidenceId})");

    private static Milestone Of(HumanDecision decision, string what) => new(
        decision.Recorded, ChangeCause.Confirmation,
        $"{decision.By} {(decision.Kind == DecisionKind.Approve ? "accepted" : "rejected")} {what}.");
}
