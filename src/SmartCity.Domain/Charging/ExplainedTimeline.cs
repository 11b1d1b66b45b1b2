using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Says of a pile's timeline why each port showed what it did.</summary>
public sealed class ExplainedTimeline
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<int, List<StatusRecord>> words;
    private readonly List<Fault> faults;
    private readonly List<StatusSegment> segments = [];

    /// <param name="history">Settled.</param>
    /// <param name="faults">The pile's reported faults.</param>
    /// <param name="segments">As <see cref="StatusTimeline.Write"/> gives them for the same history and faults.</param>
    public ExplainedTimeline(PileHistory history, IReadOnlyList<Fault> faults, IReadOnlyList<StatusSegment> segments)
    {
        words = history.Statuses.GroupBy(status => status.Port).ToDictionary(port => port.Key, port => port.ToList());
        this.faults = [.. faults.Where(fault => !fault.Derived && StartOf(fault) < (fault.Cleared ?? Instant.Max))];
        foreach (var segment in segments)
        {
            Add(segment);
        }
    }

    /// <summary>All of it, by port and time. Where causes changed while the status did not, the first one is told; a fault
    /// before any other, since it often comes a moment after the status that it explains.</summary>
    public List<ExplainedSegment> All() => segments.ConvertAll(segment => Explain(segment, segment.From, segment.Until));

    /// <summary>The segment of each port that contains a moment, with the cause at that moment.</summary>
    public List<ExplainedSegment> At(Instant moment) =>
    [
        .. segments.Where(segment => segment.From <= moment && moment < segment.Until)
            .Select(segment => Explain(segment, moment, moment + Moment)),
    ];

    // A new version of the registry does not change what a port was.
    private void Add(StatusSegment segment)
    {
        if (segments.Count > 0 && segments[^1] is var last && last.Port == segment.Port && last.Status == segment.Status
            && last.Until == segment.From)
        {
            segments[^1] = last with { Until = segment.Until };
        }
        else
        {
            segments.Add(segment);
        }
    }

    private ExplainedSegment Explain(StatusSegment segment, Instant from, Instant until)
    {
        var (port, status) = (segment.Port, segment.Status);
        var own = LastWord(port, from);
        var codes = status == PortStatus.Faulted ? FaultsOf(port, from, until) : [];
        var cause = status switch
        {
            PortStatus.Offline => StatusCause.Silence,
            PortStatus.Faulted when codes.Count > 0 => StatusCause.Fault,
            PortStatus.Faulted or PortStatus.Unavailable when own?.Status != status => StatusCause.Pile,
            PortStatus.Unknown when own is null => StatusCause.NoReport,
            _ => StatusCause.Reported,
        };
        var vendor = status == PortStatus.Unknown ? own?.VendorStatus : null;
        return new ExplainedSegment(port, segment.From, segment.Until, status, cause, codes, vendor);
    }

    private List<int> FaultsOf(int port, Instant from, Instant until) =>
    [
        .. faults.Where(f => (f.Port == port || f.Port == 0) && StartOf(f) < until && !(f.Cleared <= from))
            .Select(f => f.Code.Number).Distinct().Order(),
    ];

    /// <summary>From when on it makes ports FAULTED; never when it was not bad enough.</summary>
    private static Instant StartOf(Fault fault) =>
        fault.MajorSince is { } major ? Instant.Later(major, fault.Visible) : Instant.Max;

    private StatusRecord? LastWord(int port, Instant at)
    {
        if (!words.TryGetValue(port, out var own))
        {
            return null;
        }
        var (first, end) = (0, own.Count);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = own[middle].Stamp.Time <= at ? (middle + 1, end) : (first, middle);
        }
        return first > 0 ? own[first - 1] : null;
    }
}
