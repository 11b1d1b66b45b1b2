using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>Puts records back into the messages that they came in. Which of two messages with one number, received in one
/// millisecond, had which records is not known any more where it changes no answer.</summary>
/// <param name="heads">The messages, in the order in which they were stored.</param>
internal sealed class MessageAssembly(IReadOnlyList<MessageHead> heads)
{
    private readonly ILookup<Key, int> _places =
        heads.Select((head, place) => (head, place)).ToLookup(pair => KeyOf(pair.head), pair => pair.place);

    private readonly HashSet<int> _used = [];
    private readonly HashSet<Key> _unknown = [];
    private readonly List<(int Place, TelemetryMessage Message)> _messages = [];

    /// <summary>Takes in all records of a channel, in the order in which they were stored.</summary>
    public void Add<T>(Channel channel, IEnumerable<(DeviceKind Kind, T Record)> records) where T : struct, ITelemetryRecord
    {
        foreach (var group in records.GroupBy(r => new Key(
            r.Kind, r.Record.Stamp.Device, r.Record.Stamp.BootReceived, r.Record.Stamp.Sequence, r.Record.Stamp.Received), r => r.Record))
        {
            var places = _places[group.Key].ToList();
            if (places.Count == 0)
            {
                _unknown.Add(group.Key);
            }
            else if (places.Count == 1)
            {
                Put(places[0], heads[places[0]].With(channel, group.ToList(), isAlone: false));
            }
            else
            {
                foreach (var run in Runs(group))
                {
                    Give(places, channel, run);
                }
            }
        }
    }

    /// <summary>Whether there were records of messages that are none of these. The store may have taken them meanwhile.</summary>
    public bool HasUnknown => _unknown.Count > 0;

    /// <summary>Makes sure that those are messages that came later: they are left out.</summary>
    /// <param name="later">The messages that are there now.</param>
    /// <exception cref="InvalidDataException">The store has records without their message.</exception>
    public void LeaveOut(IEnumerable<MessageHead> later)
    {
        _unknown.ExceptWith(later.Select(KeyOf));
        foreach (var key in _unknown)
        {
            throw new InvalidDataException(
                $"The store has a record of {key.Device} received at {key.Received} without its message. Please report this.");
        }
    }

    /// <summary>The messages, in the order in which they were stored, and how many have no record any more.</summary>
    public (IReadOnlyList<TelemetryMessage> Messages, int Empty) Take()
    {
        _messages.Sort(static (a, b) => a.Place.CompareTo(b.Place));
        return ([.. _messages.Select(message => message.Message)], heads.Count - _used.Count);
    }

    private static Key KeyOf(MessageHead head) => new(head.Kind, head.Device, head.BootReceived, head.Number, head.Received);

    private void Put(int place, TelemetryMessage message)
    {
        _used.Add(place);
        _messages.Add((place, message));
    }

    // To the messages that want just so many; what nobody wants comes record by record, so that an import takes it all the same.
    private void Give<T>(List<int> places, Channel channel, List<T> run) where T : struct, ITelemetryRecord
    {
        var free = places.Where(place => !_used.Contains(place)).ToList();
        var fitting = free.FindIndex(place => heads[place].Records == run.Count);
        if (fitting >= 0)
        {
            Put(free[fitting], heads[free[fitting]].With(channel, run, isAlone: false));
            return;
        }
        var rest = run;
        foreach (var place in free.Where(place => heads[place].Records < run.Count))
        {
            if (heads[place].Records <= rest.Count)
            {
                Put(place, heads[place].With(channel, rest[..heads[place].Records], isAlone: false));
                rest = rest[heads[place].Records..];
            }
        }
        foreach (var record in rest)
        {
            Put(places[^1], heads[places[^1]].With(channel, [record], isAlone: true));
        }
    }

    // The records of one message lie side by side, their places rising.
    private static IEnumerable<List<T>> Runs<T>(IEnumerable<T> records) where T : struct, ITelemetryRecord
    {
        var run = new List<T>();
        foreach (var record in records)
        {
            if (run.Count > 0 && record.Stamp.Index <= run[^1].Stamp.Index)
            {
                yield return run;
                run = [];
            }
            run.Add(record);
        }
        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private readonly record struct Key(DeviceKind Kind, string Device, Instant BootReceived, long Number, Instant Received);
}
