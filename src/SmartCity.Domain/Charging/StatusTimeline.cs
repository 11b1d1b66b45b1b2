using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// What every port of one pile was at every moment it was commissioned. Segments of a port are in time order, touch, and
/// cover its commissioned time in [from, until) up to the evaluation exactly once.
/// </summary>
public static class StatusTimeline
{
    /// <summary>Writes the segments of all ports, by port and time.</summary>
    /// <param name="history">Settled.</param>
    /// <param name="faults">The pile's reported faults.</param>
    /// <param name="offline">The pile's silences that were too long.</param>
    /// <param name="into">Cleared first; reused by the caller, since a city has many piles.</param>
    public static void Write(
        PileHistory history, IReadOnlyList<Fault> faults, IReadOnlyList<OfflineSpan> offline, Instant from, Instant until,
        Instant evaluation, List<StatusSegment> into)
    {
        into.Clear();
        var changes = Changes(history, faults, offline, evaluation);
        var ports = history.Versions.Max(v => v.Ports);
        var end = Instant.Earlier(until, evaluation);
        var shared = changes.FindIndex(c => c.Port > 0) is >= 0 and var first ? first : changes.Count;
        var own = shared;
        for (var port = 1; port <= ports; port++)
        {
            var ownEnd = own;
            while (ownEnd < changes.Count && changes[ownEnd].Port == port)
            {
                ownEnd++;
            }
            var state = new PortState(history, port, from, end, into);
            Merge(changes, shared, own, ownEnd, ref state);
            own = ownEnd;
        }
    }

    /// <summary>Plays the pile's changes and the port's own ones in time order.</summary>
    private static void Merge(List<Change> changes, int shared, int own, int ownEnd, ref PortState state)
    {
        for (var pile = 0; pile < shared || own < ownEnd;)
        {
            var takeOwn = pile == shared || (own < ownEnd && changes[own].At < changes[pile].At);
            state.Apply(takeOwn ? changes[own++] : changes[pile++]);
        }
        state.Finish();
    }

    private static List<Change> Changes(
        PileHistory history, IReadOnlyList<Fault> faults, IReadOnlyList<OfflineSpan> offline, Instant evaluation)
    {
        var changes = new List<Change>(history.Statuses.Count + (2 * (faults.Count + offline.Count + history.Versions.Count)));
        for (var i = 0; i < history.Versions.Count; i++)
        {
            var validity = history.Versions[i].Validity;
            changes.Add(new Change(0, validity.From, changes.Count, ChangeKind.Version, i));
            if (validity.Until is { } end)
            {
                changes.Add(new Change(0, end, changes.Count, ChangeKind.Version, -1));
            }
        }
        foreach (var span in offline)
        {
            AddSpan(changes, 0, ChangeKind.Offline, span.From, span.Until);
        }
        foreach (var fault in faults)
        {
            if (!fault.Derived && fault.MajorSince is { } major)
            {
                AddSpan(changes, fault.Port, ChangeKind.Fault, Instant.Later(major, fault.Visible), fault.Cleared ?? evaluation);
            }
        }
        foreach (ref readonly var status in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(history.Statuses))
        {
            changes.Add(new Change(status.Port, status.Stamp.Time, changes.Count, ChangeKind.Status, (int)status.Status));
        }
        changes.Sort();
        return changes;
    }

    private static void AddSpan(List<Change> changes, int port, ChangeKind kind, Instant from, Instant until)
    {
        if (until > from)
        {
            changes.Add(new Change(port, from, changes.Count, kind, 1));
            changes.Add(new Change(port, until, changes.Count, kind, -1));
        }
    }

    private enum ChangeKind : byte
    {
        Version,
        Offline,
        Fault,
        Status,
    }

    private readonly record struct Change(int Port, Instant At, int Order, ChangeKind Kind, int Value) : IComparable<Change>
    {
        public int CompareTo(Change other)
        {
            var order = Port.CompareTo(other.Port);
            order = order != 0 ? order : At.CompareTo(other.At);
            return order != 0 ? order : Order.CompareTo(other.Order);
        }
    }

    /// <summary>One port while its changes are played; writes a segment whenever what it shows changes.</summary>
    private struct PortState(PileHistory history, int port, Instant from, Instant end, List<StatusSegment> into)
    {
        private PortStatus reported;
        private PortStatus pile;
        private int offline;
        private int faults;
        private int version = -1;
        private PortStatus shown;
        private int shownVersion = -1;
        private Instant since = from;

        public void Apply(Change change)
        {
            switch (change.Kind)
            {
                case ChangeKind.Version:
                    version = change.Value;
                    break;
                case ChangeKind.Offline:
                    offline += change.Value;
                    break;
                case ChangeKind.Fault:
                    faults += change.Value;
                    break;
                case ChangeKind.Status when change.Port == 0:
                    pile = (PortStatus)change.Value;
                    break;
                default:
                    reported = (PortStatus)change.Value;
                    break;
            }
            var status = DerivedStatus.Of(reported, pile, offline > 0, faults > 0);
            if (status != shown || version != shownVersion)
            {
                Flush(change.At);
                shown = status;
                shownVersion = version;
            }
        }

        public void Finish() => Flush(end);

        private void Flush(Instant at)
        {
            at = Instant.Earlier(at, end);
            if (at <= since)
            {
                return;
            }
            if (history.HasPort(shownVersion, port))
            {
                into.Add(new StatusSegment(port, since, at, shown, shownVersion));
            }
            since = at;
        }
    }
}
