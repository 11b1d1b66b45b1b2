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

    /// <summary>What is left of derived faults where the pile did not report the same fault itself.</summary>
    public static IEnumerable<Fault> WithoutReported(IEnumerable<Fault> derived, IReadOnlyList<Fault> reported)
    {
        var left = derived.ToList();
        foreach (var own in reported)
        {
            for (var i = left.Count - 1; i >= 0; i--)
            {
                if (left[i].Port == own.Port && left[i].Code.Number == own.Code.Number)
                {
                    var pieces = Cut(left[i], own.Raised, own.Cleared ?? Instant.Max).ToList();
                    left.RemoveAt(i);
                    left.InsertRange(i, pieces);
                }
            }
        }
        return left;
    }

    private static IEnumerable<Fault> Cut(Fault fault, Instant from, Instant until)
    {
        var end = fault.Cleared ?? Instant.Max;
        if (until <= fault.Raised || from >= end)
        {
            yield return fault;
            yield break;
        }
        if (from > fault.Raised)
        {
            yield return fault with { Cleared = from };
        }
        if (until < end)
        {
            yield return fault with { Raised = until };
        }
    }

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
