using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;
using DomainFault = SmartCity.Domain.Faults.Fault;

namespace SmartCity.Server.Api.Faults;

/// <summary>
/// Faults that are derived from records last longer than the records that a question reads, and seem to begin where reading does. A
/// pile on whose fault somebody acted is read from that fault on: else what was done about it would be lost.
/// </summary>
internal static class LongFaults
{
    /// <summary>From when on a pile has to be asked about; null when what was read of it is enough.</summary>
    /// <param name="faults">As found in what was read.</param>
    /// <param name="asked">The beginning of the period that was read for.</param>
    public static Instant? AskedFrom(
        IReadOnlyList<DomainFault> faults, IReadOnlyList<OfflineSpan> offline, IEnumerable<FaultAction> actions,
        FaultThresholds thresholds, Instant asked)
    {
        var read = HistoryLoader.DerivedFrom(asked);
        // What has not been measured for longer than this is over, unless the pile is silent.
        var doubtful = read + thresholds.AmbientUnmeasuredMax;
        var wasSilent = offline.Any(span => span.From <= doubtful && span.Until > read);
        Instant? from = null;
        var own = actions.Where(action => IsOfRecords(action.On.Derived, action.On.Code));
        foreach (var key in own.GroupBy(action => (action.On.Port, action.On.Code)))
        {
            var mayGoOn = wasSilent || faults.Any(
                fault => fault.Derived && (fault.Port, fault.Code.Number) == key.Key && fault.Raised <= doubtful);
            if (mayGoOn && FirstSeen([.. key.OrderBy(action => action.Recorded)]) is { } seen && seen.Raised < read)
            {
                from = Instant.Earlier(from ?? seen.Raised, seen.Raised);
            }
        }
        return from;
    }

    /// <summary>Whether any fault may have begun before reading did: one that was found seems to begin there, or the pile was silent
    /// then, and what it said before lasts as long as that.</summary>
    /// <param name="asked">The beginning of the period that was read for.</param>
    public static bool BeginBefore(
        IReadOnlyList<DomainFault> faults, IReadOnlyList<OfflineSpan> offline, FaultThresholds thresholds, Instant asked)
    {
        var read = HistoryLoader.DerivedFrom(asked);
        var doubtful = read + thresholds.AmbientUnmeasuredMax;
        return offline.Any(span => span.From <= doubtful && span.Until > read) || faults.Any(fault =>
            IsOfRecords(fault.Derived, fault.Code.Number) && fault.Raised <= doubtful && !(fault.Cleared <= asked));
    }

    /// <summary>Whether a fault is derived from samples or changes of status: how long a silence has lasted is always known.</summary>
    public static bool IsOfRecords(bool derived, int code) => derived && code != FaultCode.Offline;

    /// <summary>The fault of the last action as it was seen by who acted on it first; null when it was over.</summary>
    private static SeenFault? FirstSeen(List<FaultAction> actions)
    {
        var first = actions[^1];
        if (first.On.Until <= first.Recorded)
        {
            return null;
        }
        for (var i = actions.Count - 2; i >= 0 && actions[i].On.Overlaps(first.On); i--)
        {
            first = actions[i];
        }
        return first.On;
    }
}
