using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>What a port is doing from <paramref name="From"/> to <paramref name="Until"/>.</summary>
/// <param name="Session">The session, while one occupies the port.</param>
internal readonly record struct PortSpan(long From, long Until, PortStatus Status, Session? Session);

/// <summary>The statuses of a port, without gaps or overlaps. Without mains it is OFFLINE, when it failed FAULTED.</summary>
internal static class PortStatuses
{
    public static List<PortSpan> Of(PileTimeline timeline, int port, long from, long until)
    {
        var spans = new List<PortSpan>();
        var sessions = timeline.SessionsIn(port, from, until).ToList();
        var edges = EdgesOf(timeline, sessions, port, from, until);
        for (var i = 0; i + 1 < edges.Count; i++)
        {
            var (status, session) = At(timeline, sessions, port, edges[i]);
            if (spans.Count > 0 && spans[^1].Status == status && spans[^1].Session == session)
            {
                spans[^1] = spans[^1] with { Until = edges[i + 1] };
            }
            else
            {
                spans.Add(new PortSpan(edges[i], edges[i + 1], status, session));
            }
        }
        return spans;
    }

    private static List<long> EdgesOf(PileTimeline timeline, List<Session> sessions, int port, long from, long until)
    {
        var edges = new SortedSet<long> { from, until };
        foreach (var s in sessions)
        {
            edges.UnionWith([s.PluggedIn, s.Start, s.FloatFrom, s.End, s.Unplugged]);
        }
        foreach (var fault in timeline.FaultsOf(port))
        {
            edges.UnionWith([fault.From, fault.Until]);
        }
        foreach (var dark in timeline.Dark)
        {
            edges.UnionWith([dark.From, dark.Until]);
        }
        return [.. edges.GetViewBetween(from, until)];
    }

    private static (PortStatus Status, Session? Session) At(PileTimeline timeline, List<Session> sessions, int port, long at)
    {
        if (timeline.IsDark(at))
        {
            return (PortStatus.Offline, null);
        }
        var session = sessions.Find(s => at >= s.PluggedIn && at < s.Unplugged);
        if (timeline.FaultsOf(port).Any(f => !f.Transient && at >= f.From && at < f.Until))
        {
            return (PortStatus.Faulted, session);
        }
        return (session is null ? PortStatus.Available : Occupied(session, at), session);
    }

    private static PortStatus Occupied(Session session, long at) =>
        at < session.Start ? PortStatus.Plugged
        : at >= session.End ? PortStatus.FinishedPlugged
        : at >= session.FloatFrom ? PortStatus.Floating
        : PortStatus.Charging;
}
