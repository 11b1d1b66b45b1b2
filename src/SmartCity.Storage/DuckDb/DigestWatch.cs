using System.Collections.Concurrent;
using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Looks at every record of a pile on its way into the store: which digests does it make wrong? Used by the one writer
/// only; what it knows is in the tables too.</summary>
internal sealed class DigestWatch
{
    // Live records come within seconds; this is neither one nor a device's short break.
    private const long LateMs = 1_800_000;

    private readonly Dictionary<int, (long Until, long Reach)> _marks = [];
    private readonly Dictionary<(int Device, int Port, string Session), long> _unstarted = [];
    private readonly Dictionary<int, long> _earliest = [];
    private readonly HashSet<int> _lowered = [];
    private readonly Dictionary<int, long> _uncommitted = [];
    private readonly Lock _gate = new();
    private Dictionary<int, long> _cutBack = [];
    private readonly HashSet<(int Device, int Port, string Session)> _spoke = [];

    /// <summary>How many messages with old records each pile had.</summary>
    public ConcurrentDictionary<int, long> LateMessages { get; } = new();

    public static DigestWatch Load(DuckDbConnection connection)
    {
        var watch = new DigestWatch();
        using (var marks = connection.Query("SELECT device, until_time, reach FROM digest_mark"))
        {
            while (marks.Next())
            {
                watch.Mark(marks.Int32(), marks.Int64(), marks.Int64());
            }
        }
        using var sessions = connection.Query("SELECT device, port, session, start FROM digest_unstarted");
        while (sessions.Next())
        {
            watch.AddUnstarted(sessions.Int32(), sessions.Int32(), sessions.Text(), sessions.Int64());
        }
        return watch;
    }

    /// <summary>The round of digesting under way; null before the first.</summary>
    public DigestRun? Run { get; private set; }

    /// <summary>Begins a round: forgets which records came before.</summary>
    public DigestRun Begin()
    {
        _earliest.Clear();
        _spoke.Clear();
        return Run = new DigestRun();
    }

    /// <summary>Where the pile's digest ends now; without one, the oldest moment there is.</summary>
    public long MarkOf(int device) => _marks.TryGetValue(device, out var mark) ? mark.Until : EventTime.Oldest.Milliseconds;

    /// <summary>Whether a session record of it came since <see cref="Begin"/>.</summary>
    public bool HasSpoken(int device, int port, string session) => _spoke.Contains((device, port, session));

    /// <summary>The earliest moment that records since <see cref="Begin"/> speak of; none: the end of time.</summary>
    public long EarliestOf(int device) => _earliest.GetValueOrDefault(device, long.MaxValue);

    public void Mark(int device, long until, long reach) => _marks[device] = (until, reach);

    /// <summary>Forgets sessions that began before a moment.</summary>
    public void ForgetUnstarted(long before)
    {
        foreach (var (key, _) in _unstarted.Where(pair => pair.Value < before).ToList())
        {
            _unstarted.Remove(key);
        }
    }

    public void AddUnstarted(int device, int port, string session, long start) => _unstarted[(device, port, session)] = start;

    /// <summary>Takes in what a message of a pile says.</summary>
    public void Note<T>(int device, TelemetryMessage<T> message) where T : struct, ITelemetryRecord
    {
        var earliest = long.MaxValue;
        foreach (var record in message.Records)
        {
            // Word that a pile is gone counts at its arrival: its time is that of the connection, which may be weeks old.
            var stamp = record.Stamp;
            earliest = Math.Min(earliest, (record is ConnRecord { Online: false } ? stamp.Received : stamp.Time).Milliseconds);
        }
        if (message is TelemetryMessage<SessionRecord> sessions)
        {
            earliest = Math.Min(earliest, EarliestOf(device, sessions));
        }
        if (earliest < message.Received.Milliseconds - LateMs)
        {
            LateMessages.AddOrUpdate(device, 1, static (_, count) => count + 1);
        }
        _earliest[device] = Math.Min(EarliestOf(device), earliest);
        if (_marks.TryGetValue(device, out var mark) && earliest - mark.Reach < mark.Until)
        {
            _marks[device] = (Domain.Charging.PileDigest.FloorOf(new Instant(earliest - mark.Reach)).Milliseconds, mark.Reach);
            _lowered.Add(device);
        }
    }

    /// <summary>The statements that lower the marks in the store, within the transaction of the records.</summary>
    public IEnumerable<string> TakeLowered()
    {
        foreach (var device in _lowered)
        {
            _uncommitted[device] = _marks[device].Until;
            yield return string.Create(
                CultureInfo.InvariantCulture, $"UPDATE digest_mark SET until_time = {_marks[device].Until} WHERE device = {device}");
        }
        _lowered.Clear();
    }

    /// <summary>The transaction that lowered marks is over: it may be told.</summary>
    public void Committed()
    {
        if (_uncommitted.Count == 0)
        {
            return;
        }
        lock (_gate)
        {
            foreach (var (device, until) in _uncommitted)
            {
                _cutBack[device] = Math.Min(until, _cutBack.GetValueOrDefault(device, long.MaxValue));
            }
        }
        _uncommitted.Clear();
    }

    /// <summary>Which marks were lowered since the last call, and to where. May be called on any thread.</summary>
    public Dictionary<int, long> TakeCutBack()
    {
        lock (_gate)
        {
            var taken = _cutBack;
            _cutBack = [];
            return taken;
        }
    }

    // A session record may say when its session began, and end what was thought about that.
    private long EarliestOf(int device, TelemetryMessage<SessionRecord> message)
    {
        var earliest = long.MaxValue;
        foreach (var record in message.Records)
        {
            earliest = Math.Min(earliest, Sane(record.StartTime));
            earliest = Math.Min(earliest, Sane(record.EndTime));
            earliest = Math.Min(
                earliest, _unstarted.GetValueOrDefault((device, record.Port, record.SessionId), long.MaxValue));
            _spoke.Add((device, record.Port, record.SessionId));
        }
        return earliest;
    }

    private static long Sane(Instant? given) => given is { } at && at >= EventTime.Oldest ? at.Milliseconds : long.MaxValue;
}
