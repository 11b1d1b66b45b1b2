using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Rows of an index that is made again from what a store has.</summary>
internal sealed class IndexRows
{
    private readonly List<Message> _messages = [];
    private readonly HashSet<(DeviceKind Kind, string Device, Instant Time, Instant Received)> _heard = [];
    private readonly HashSet<(DeviceKind Kind, string Device, string Session, long Day)> _sessions = [];

    /// <summary>How many there are.</summary>
    public int Count => _messages.Count + _heard.Count + _sessions.Count;

    /// <summary>A message is in the store.</summary>
    public void Add(in Message message) => _messages.Add(message);

    /// <summary>A record is in the store.</summary>
    /// <param name="session">Of records that are read by sessions.</param>
    /// <param name="isHeard">Not word that the device is gone.</param>
    public void Add(DeviceKind kind, string device, Instant time, Instant received, string? session, bool isHeard)
    {
        if (isHeard)
        {
            _heard.Add((kind, device, time, received));
        }
        if (session is { Length: > 0 })
        {
            _sessions.Add((kind, device, session, SessionDays.DayOf(time)));
        }
    }

    /// <summary>Appends and forgets them.</summary>
    public void MoveTo(BatchTables tables, StoreKeys keys)
    {
        foreach (var (kind, name, boot, bootReceived, sequence, hash, received, records) in _messages)
        {
            var key = keys.BootOf(keys.DeviceOf(kind, name, tables), boot, bootReceived, tables);
            tables.Of("message").Add(key).Add(sequence ?? (long)hash).Add(hash).Add(received.Milliseconds).Add(records).End();
        }
        foreach (var (kind, name, time, received) in _heard)
        {
            tables.Of("heard").Add(keys.DeviceOf(kind, name, tables)).Add(time.Milliseconds).Add(received.Milliseconds).End();
        }
        foreach (var (kind, name, session, day) in _sessions)
        {
            tables.Of("session_day").Add(keys.DeviceOf(kind, name, tables)).Add(session).Add(day).End();
        }
        _messages.Clear();
        _heard.Clear();
        _sessions.Clear();
    }

    /// <summary>What the index keeps of a message.</summary>
    internal readonly record struct Message(
        DeviceKind Kind, string Device, string Boot, Instant BootReceived, long? Sequence, ulong Hash, Instant Received, int Records);
}
