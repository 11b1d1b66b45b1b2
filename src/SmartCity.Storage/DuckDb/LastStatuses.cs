using System.Collections.Concurrent;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>What each port (0: the pile) said last that it is doing, and when it said anything first. A port that is left alone for
/// long would be looked for through all years. The one writer notes; any thread reads.</summary>
internal sealed class LastStatuses
{
    private readonly ConcurrentDictionary<(string Device, int Port), Said> _ports = new();
    private readonly Dictionary<(string Device, int Port), Said> _uncommitted = [];

    public static LastStatuses Load(DuckDbConnection connection, StoreKeys keys)
    {
        var statuses = new LastStatuses();
        var table = new StatusTable();
        var last = new LastRecords<StatusRecord>(table);
        var all = new RecordQuery(DeviceKind.Pile, null, Instant.Max, Instant.Max, Instant.Max);
        using (var rows = connection.Query(StoreSql.LastBefore(table, all, Instant.Min, keys)))
        {
            while (rows.Next())
            {
                last.Add(rows, keys);
            }
        }
        foreach (var record in last.Found)
        {
            statuses._ports[(record.Stamp.Device, record.Port)] = new Said(record.Stamp.Time, record);
        }
        using var firsts = connection.Query(StoreSql.First(table));
        while (firsts.Next())
        {
            var (port, first) = ((keys.Device(firsts.Int32()), firsts.Int32()), new Instant(firsts.Int64()));
            statuses._ports[port] = statuses._ports[port] with { First = first };
        }
        return statuses;
    }

    /// <summary>A port said something, within the transaction under way.</summary>
    public void Note(in StatusRecord record)
    {
        var port = (record.Stamp.Device, record.Port);
        var said = new Said(record.Stamp.Time, record);
        _uncommitted[port] = _uncommitted.TryGetValue(port, out var before) ? before.And(said) : said;
    }

    /// <summary>The transaction is over.</summary>
    public void Committed()
    {
        foreach (var (port, said) in _uncommitted)
        {
            _ports.AddOrUpdate(port, said, (_, before) => before.And(said));
        }
        _uncommitted.Clear();
    }

    /// <summary>The last records before a moment, and the ports whose record has to be looked for.</summary>
    public (List<StatusRecord> Found, HashSet<(string Device, int Port)> Missing) Before(
        IEnumerable<string> devices, Instant moment, Instant knownAt)
    {
        var asked = devices.ToHashSet(StringComparer.Ordinal);
        var found = new List<StatusRecord>();
        var missing = new HashSet<(string, int)>();
        foreach (var (port, (first, last)) in _ports)
        {
            if (first >= moment || !asked.Contains(port.Device))
            {
                continue;
            }
            if (last.Stamp.Time < moment && last.Stamp.Received <= knownAt)
            {
                found.Add(last);
            }
            else
            {
                missing.Add(port);
            }
        }
        return (found, missing);
    }

    private sealed record Said(Instant First, StatusRecord Last)
    {
        public Said And(Said later) => new(
            Instant.Earlier(First, later.First), Stamp.Compare(later.Last.Stamp, Last.Stamp) > 0 ? later.Last : Last);
    }
}
