using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Faults that the server finds, in the form of those that devices report.</summary>
public static class DerivedFaults
{
    /// <summary>701 OFFLINE: the pile was silent for too long while it was commissioned.</summary>
    public static IEnumerable<Fault> Offline(PileHistory history, IReadOnlyList<OfflineSpan> spans)
    {
        var code = FaultCode.Find(FaultCode.Offline);
        foreach (var (commissioned, end) in Commissioned(history))
        {
            foreach (var span in spans)
            {
                var from = Instant.Later(span.From, commissioned);
                var until = Instant.Earlier(span.Until, end);
                if (from < until)
                {
                    Instant? cleared = span.IsOpen && until == span.Until ? null : until;
                    yield return new Fault(
                        history.Id, 0, code, code.Severity, from, from, cleared, true, null, null, null);
                }
            }
        }
    }

    /// <summary>What is left of derived faults where the pile did not report the same fault itself. Its word ends the derived one
    /// for good: what the samples say after the pile's CLEARED is the same condition until it was over once. A reported fault that
    /// does not count, or not yet, takes nothing away.</summary>
    public static IEnumerable<Fault> WithoutReported(
        IEnumerable<Fault> derived, IReadOnlyList<Fault> reported, Instant evaluation)
    {
        var left = derived.ToList();
        foreach (var own in reported.Where(own => own.CountsAt(evaluation)))
        {
            for (var i = left.Count - 1; i >= 0; i--)
            {
                if (!IsSame(left[i], own))
                {
                    continue;
                }
                if (own.Raised > left[i].Raised)
                {
                    left[i] = left[i] with { Cleared = own.Raised, IsTakenOver = true };
                }
                else
                {
                    left.RemoveAt(i);
                }
            }
        }
        return left;
    }

    private static bool IsSame(Fault derived, Fault own) =>
        derived.Port == own.Port && derived.Code.Number == own.Code.Number
        && own.Raised < (derived.Cleared ?? Instant.Max) && derived.Raised < (own.Cleared ?? Instant.Max);

    /// <summary>Versions that touch are one span: a pile that is renamed is not repaired.</summary>
    private static IEnumerable<(Instant From, Instant Until)> Commissioned(PileHistory history)
    {
        (Instant From, Instant Until)? span = null;
        foreach (var version in history.Versions)
        {
            var until = version.Validity.Until ?? Instant.Max;
            if (span is { } open && open.Until == version.Validity.From)
            {
                span = (open.From, until);
                continue;
            }
            if (span is { } closed)
            {
                yield return closed;
            }
            span = (version.Validity.From, until);
        }
        if (span is { } last)
        {
            yield return last;
        }
    }
}
