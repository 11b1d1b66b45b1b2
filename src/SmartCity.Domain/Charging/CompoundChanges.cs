using System.Runtime.InteropServices;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>The ports of one kind in a compound, as far as they are in one group.</summary>
/// <param name="Group">-1: whatever group they are in.</param>
internal readonly record struct CompoundKey(string Compound, PileKind Kind, int Group);

/// <summary>Puts together what the ports of compounds were at the same time. Only the ports in scope are a compound's ports
/// here.</summary>
/// <param name="start">Where the period begins.</param>
internal sealed class CompoundChanges(Instant start)
{
    private const int ClassBits = 3;
    private const int ClassMask = (1 << ClassBits) - 1;

    private readonly Dictionary<CompoundKey, List<long>> changes = [];

    public IEnumerable<CompoundKey> Keys => changes.Keys;

    /// <summary>Adds one pile.</summary>
    /// <param name="byGroup">Each group's ports are a compound of their own; else groups only say what is in scope.</param>
    public void Add(PileHistory history, PileGroups of, List<StatusSegment> segments, bool byGroup)
    {
        List<long>? into = null;
        var version = -1;
        var port = 0;
        var was = PortClass.None;
        var end = Instant.Min;
        foreach (ref readonly var segment in CollectionsMarshal.AsSpan(segments))
        {
            var group = of.Of(segment.Version, segment.Port);
            if (group < 0)
            {
                continue;
            }
            if (segment.Port != port || segment.Version != version || segment.From != end)
            {
                Note(into, end, was, PortClass.None);
                var pile = history.Versions[segment.Version];
                into = ListOf(new CompoundKey(pile.CompoundId, pile.Kind, byGroup ? group : -1));
                (port, version, was) = (segment.Port, segment.Version, PortClass.None);
            }
            var now = PortClasses.Of(segment.Status);
            Note(into, segment.From, was, now);
            (was, end) = (now, segment.Until);
        }
        Note(into, end, was, PortClass.None);
    }

    /// <summary>What they were, oldest first; without time in which none was commissioned, and none of what nobody
    /// can have seen yet. Once all piles were added.</summary>
    public IEnumerable<CompoundSpan> Spans(CompoundKey key)
    {
        var list = changes.GetValueOrDefault(key, []);
        list.Sort();
        var ports = new int[1 << ClassBits];
        var from = 0L;
        foreach (var change in list)
        {
            var at = change >> (2 * ClassBits);
            if (at > from)
            {
                var span = SpanOf(from, at, ports);
                from = at;
                if (span.Ports > 0)
                {
                    yield return span;
                }
            }
            ports[(int)(change >> ClassBits) & ClassMask]--;
            ports[(int)change & ClassMask]++;
        }
    }

    private List<long> ListOf(CompoundKey key)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, key, out _);
        return list ??= [];
    }

    /// <summary>A change in one number: numbers sort fast, and a year of a district has millions of them.</summary>
    private void Note(List<long>? into, Instant at, PortClass was, PortClass now)
    {
        if (was != now)
        {
            into!.Add(((at.Milliseconds - start.Milliseconds) << (2 * ClassBits)) | ((long)was << ClassBits) | (long)now);
        }
    }

    private CompoundSpan SpanOf(long from, long until, int[] ports) => new(
        new Instant(start.Milliseconds + from), new Instant(start.Milliseconds + until), ports[(int)PortClass.Free],
        ports[(int)PortClass.Taken], ports[(int)PortClass.Broken], ports[(int)PortClass.Offline], ports[(int)PortClass.Unknown]);
}
