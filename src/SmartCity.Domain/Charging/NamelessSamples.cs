using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Finds the session that samples without a session id belong to. Asked in time order.</summary>
internal sealed class NamelessSamples
{
    private readonly TimeSpan maxSession;
    private readonly Dictionary<int, List<SessionDraft>> byPort = [];
    private readonly Dictionary<int, int> started = [];
    private readonly Dictionary<int, (long Value, Instant At)> outside = [];

    public NamelessSamples(List<SessionDraft> drafts, TimeSpan maxSession)
    {
        this.maxSession = maxSession;
        foreach (var group in drafts.GroupBy(d => d.Port))
        {
            var ordered = group.ToList();
            ordered.Sort((a, b) => SessionLedger.Order(a.Start, b.Start, a.Port, b.Port, a.Id, b.Id));
            byPort[group.Key] = ordered;
        }
    }

    /// <summary>Of the port's sessions, the one that started last, if it is still running.</summary>
    public SessionDraft? SessionAt(int port, Instant at)
    {
        if (!byPort.TryGetValue(port, out var ordered))
        {
            return null;
        }
        var next = started.GetValueOrDefault(port);
        while (next < ordered.Count && ordered[next].Start <= at)
        {
            next++;
        }
        started[port] = next;
        return next > 0 && ordered[next - 1].IsRunningAt(at, maxSession) ? ordered[next - 1] : null;
    }

    /// <summary>The last sample of the port that was in no session.</summary>
    public (long Value, Instant At)? LastOutside(int port) => outside.TryGetValue(port, out var last) ? last : null;

    public void CountOutside(int port, Instant at, long value) => outside[port] = (value, at);
}
