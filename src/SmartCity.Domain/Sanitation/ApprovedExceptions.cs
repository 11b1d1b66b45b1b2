using System.Collections.Concurrent;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>The exceptions that somebody other than their declarer approved before a moment of evaluation.</summary>
public sealed class ApprovedExceptions
{
    private readonly List<ObligationException> approved;

    // Every obligation asks, and few of a year's exceptions are about its date.
    private readonly ConcurrentDictionary<DateOnly, List<ObligationException>> byDate = new();

    private ApprovedExceptions(List<ObligationException> approved) => this.approved = approved;

    /// <summary>Nobody declared anything.</summary>
    public static ApprovedExceptions None { get; } = new([]);

    /// <summary>Those that hold at a moment.</summary>
    /// <exception cref="ArgumentException">A window is moved, or a grace is extended, by what no exception may.</exception>
    public static ApprovedExceptions Of(IEnumerable<ObligationException> declared, Instant evaluation)
    {
        var approved = declared.Where(e => e.IsApprovedAt(evaluation)).OrderBy(e => e.Declared)
            .ThenBy(e => e.Id, StringComparer.Ordinal).ToList();
        var wrong = approved.Find(e => e.By.Duration() > ObligationException.ByMax
            || (e.Kind == ExceptionKind.ExtendGrace && e.By < TimeSpan.Zero));
        return wrong is null ? new ApprovedExceptions(approved) : throw new ArgumentException(
            $"Exception {wrong.Id} moves by {wrong.By}. At most {ObligationException.ByMax} are allowed, and a grace only gets longer.",
            nameof(declared));
    }

    /// <summary>The obligation as exceptions left it, those declared first being applied first. Its acceptance may still be cut
    /// where a neighbour is near.</summary>
    internal Obligation Change(Obligation due)
    {
        if (approved.Count == 0)
        {
            return due;
        }
        foreach (var exception in byDate.GetOrAdd(due.ServiceDate, date => approved.FindAll(e => e.First <= date && date <= e.Last)))
        {
            if (exception.Covers(due))
            {
                due = Change(due, exception);
            }
        }
        return due;
    }

    /// <summary>Takes an excuse away that was declared too late after the cutoff for who approved it.</summary>
    internal static Obligation DropLateExcuse(Obligation due, SanitationRules rules)
    {
        if (due.Excuse is null || !due.Effects.Any(e => e.ActedAs == ExceptionKind.Excuse && IsTooLate(e.Exception)))
        {
            return due;
        }
        return due with
        {
            Excuse = IsTooLate(due.Excuse) ? null : due.Excuse,
            Effects =
            [
                .. due.Effects.Select(e =>
                    e.ActedAs == ExceptionKind.Excuse && IsTooLate(e.Exception) ? e with { ActedAs = null } : e),
            ],
        };

        bool IsTooLate(ObligationException excuse) => excuse.NeedsSupervisor(due, rules) && !excuse.IsBySupervisor;
    }

    private static Obligation Change(Obligation due, ObligationException exception)
    {
        var isInTime = exception.Declared < due.Start;
        var meant = isInTime ? exception.Kind : ExceptionKind.Excuse;
        ExceptionKind? actedAs =
            meant == ExceptionKind.Excuse && exception.Reason == ObligationException.VehicleBreakdown ? null : meant;
        due = due with { Effects = [.. due.Effects, new ExceptionEffect(exception, actedAs, isInTime)] };
        return actedAs switch
        {
            ExceptionKind.Cancel => due with { Cancellation = due.Cancellation ?? exception },
            ExceptionKind.ShiftWindow => due with
            {
                Start = due.Start + exception.By,
                End = due.End + exception.By,
                AcceptFrom = due.AcceptFrom + exception.By,
                AcceptUntil = due.AcceptUntil + exception.By,
            },
            ExceptionKind.ExtendGrace => due with
            {
                Window = due.Window with
                {
                    LateGrace = due.Window.LateGrace + exception.By,
                    AcceptAfter = due.Window.AcceptAfter + exception.By,
                },
                AcceptUntil = due.AcceptUntil + exception.By,
            },
            ExceptionKind.Excuse => due with { Excuse = Stronger(due.Excuse, exception) },
            _ => due,
        };
    }

    /// <summary>Of two excuses the one that no deadline takes away, else the one declared first.</summary>
    private static ObligationException Stronger(ObligationException? first, ObligationException second) =>
        first is null || (second.IsBySupervisor && !first.IsBySupervisor) ? second : first;
}
