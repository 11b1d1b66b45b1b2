using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Tells a person what an exception did to an obligation, or why it did nothing.</summary>
public static class ExceptionWords
{
    /// <summary>What it did, and whether it changed anything that is due.</summary>
    /// <param name="exception">One that is about the obligation's point and date.</param>
    public static (bool Applied, string Effect) Of(ObligationException exception, ObligationOutcome outcome, Instant evaluation)
    {
        var obligation = outcome.Obligation;
        var clock = new LocalWords(obligation);
        if (exception.WindowKey is { } key && key != obligation.Window.Key)
        {
            return (false, $"Did nothing here: it is about the window {key} only.");
        }
        if (exception.Ended is { } ended && ended <= evaluation)
        {
            var word = exception.IsWithdrawn ? "withdrawn" : "rejected";
            return (false, $"Does nothing: {exception.EndedBy} has {word} it at {clock.Of(ended)}.");
        }
        if (exception.Approved is not { } approved || approved > evaluation)
        {
            return (false, $"Does nothing yet: nobody other than {exception.DeclaredBy} has approved it.");
        }
        var effect = obligation.Effects.FirstOrDefault(e => e.Exception.Id == exception.Id);
        return effect?.ActedAs is { } actedAs
            ? (true, Did(actedAs, exception, outcome, clock))
            : (false, Nothing(exception, obligation, clock));
    }

    private static string Did(ExceptionKind actedAs, ObligationException exception, ObligationOutcome outcome, LocalWords clock)
    {
        var due = outcome.Obligation;
        return actedAs switch
        {
            ExceptionKind.Cancel => "Took the collection off the schedule before it started.",
            ExceptionKind.ShiftWindow => $"Moved the window: it is from {clock.Of(due.Start)} to {clock.Of(due.End)}.",
            ExceptionKind.ExtendGrace => $"Extended the grace: on time until {clock.Of(due.OnTimeUntil)}.",
            _ => (exception.Kind == ExceptionKind.Excuse ? ""
                    : $"Was declared at {clock.Of(exception.Declared)}, when the window had started, so it only excuses. ")
                + (outcome.Verdict switch
                {
                    Verdict.Excused => "Excuses that nobody came.",
                    Verdict.Cancelled => "Changes nothing: the collection was cancelled.",
                    _ => "Changes nothing: the point was served.",
                }),
        };
    }

    private static string Nothing(ObligationException exception, Obligation due, LocalWords clock) =>
        exception.Reason == ObligationException.VehicleBreakdown
            ? "Does nothing: a breakdown never excuses; another truck had to come."
            : $"Does nothing: it was declared at {clock.Of(exception.Declared)}, so long after the cutoff at "
                + $"{clock.Of(due.AcceptUntil)} that only a supervisor could approve it.";
}
