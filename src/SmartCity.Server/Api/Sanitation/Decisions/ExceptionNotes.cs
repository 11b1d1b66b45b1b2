using System.Globalization;
using SmartCity.Domain.Sanitation;
using SmartCity.Storage.Registry.Decisions;
using ExceptionEffect = SmartCity.Protocol.V1.ExceptionEffect;
using ExceptionKind = SmartCity.Domain.Sanitation.ExceptionKind;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Tells who declared or decided what that does, and what it does not.</summary>
internal static class ExceptionNotes
{
    public static IEnumerable<string> Of(DeclaredException declared, ExceptionEffect effect, SanitationRules rules)
    {
        switch (declared.State)
        {
            case ExceptionState.Rejected:
                yield return "It was rejected and changes nothing.";
                yield break;
            case ExceptionState.Withdrawn:
                yield return "It was withdrawn and holds no longer; answers as of an earlier moment still use it.";
                yield break;
            case ExceptionState.Declared:
                yield return $"It changes nothing before somebody other than {declared.DeclaredBy} approves it.";
                break;
            default:
                break;
        }
        if (!DecisionFields.UsualReasons.Contains(declared.Reason))
        {
            yield return $"{declared.Reason} is no usual reason, and is counted apart. Usual are "
                + $"{string.Join(", ", DecisionFields.UsualReasons)}.";
        }
        if (declared.Kind != ExceptionKind.Excuse && effect.Excused + effect.NeedSupervisor > 0)
        {
            yield return Text($"{effect.Excused + effect.NeedSupervisor} of {effect.Covered} windows had started when it was declared: ")
                + $"to them it acts as EXCUSE, not as {Word(declared.Kind)}.";
        }
        if (effect.NeedSupervisor > 0)
        {
            yield return Text($"{effect.NeedSupervisor} of {effect.Covered} windows had their cutoff more than ")
                + Text($"{rules.SupervisorAfter.TotalHours:0} h before it was declared: they are excused only if a supervisor approves.");
        }
        if (effect.Untouched > 0)
        {
            yield return Text($"{effect.Untouched} of {effect.Covered} windows had started, and a VEHICLE_BREAKDOWN never excuses: ")
                + "they stay due, and another truck has to come.";
        }
    }

    private static string Word(ExceptionKind kind) => kind switch
    {
        ExceptionKind.Cancel => "CANCEL",
        ExceptionKind.ShiftWindow => "SHIFT_WINDOW",
        _ => "EXTEND_GRACE",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
