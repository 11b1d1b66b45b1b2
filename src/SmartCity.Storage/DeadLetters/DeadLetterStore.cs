using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Microsoft.Data.Sqlite;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;
using SQLitePCL;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Keeps what was set aside until it is replayed. Thread-safe; every method that writes is durable when it returns.
/// All throw <see cref="StoreUnavailableException"/> when the disk refuses.</summary>
public sealed class DeadLetterStore : IDisposable
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "deadletters.db";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly DeadLetterOptions _options;
    private readonly SqliteConnection _connection;
    private long _count;
    private long _bytes;

    private DeadLetterStore(string path, DeadLetterOptions options)
    {
        _path = path;
        _options = options;
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ConnectionString);
        _connection.Open();
        Execute("""
            PRAGMA auto_vacuum = INCREMENTAL;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS letter(
                id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, position INTEGER NOT NULL, received INTEGER
                    NOT NULL,
                topic TEXT NOT NULL, client TEXT NOT NULL, device TEXT NOT NULL, record INTEGER, reason INTEGER NOT NULL,
                problem TEXT NOT NULL, payload BLOB NOT NULL, payload_bytes INTEGER NOT NULL, content_type TEXT,
                deliveries INTEGER NOT NULL, replayed INTEGER);
            CREATE INDEX IF NOT EXISTS letter_device ON letter(device, id);
            CREATE INDEX IF NOT EXISTS letter_waiting ON letter(id) WHERE replayed IS NULL;
            CREATE INDEX IF NOT EXISTS letter_replayed ON letter(id) WHERE replayed IS NOT NULL;
            CREATE TABLE IF NOT EXISTS delivery(position INTEGER, record INTEGER, PRIMARY KEY (position, record)) WITHOUT ROWID;
            """);
        Measure();
    }

    /// <summary>Opens or makes the list in <paramref name="directory"/>.</summary>
    /// <exception cref="StoreUnavailableException">The disk refuses.</exception>
    public static DeadLetterStore Open(string directory, DeadLetterOptions options)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        return Guarded(path, () => new DeadLetterStore(path, options));
    }

    /// <summary>Letters that wait for a replay.</summary>
    public long Waiting => Locked(() => Number("SELECT count(*) FROM letter WHERE replayed IS NULL"));

    /// <summary>Sets aside. The same topic, payload and record index is one letter whose deliveries are counted; the same journal
    /// position is counted once, so a re-read changes nothing. A replayed letter that comes again waits again.</summary>
    /// <returns>The letters' ids, in the order of <paramref name="drafts"/>.</returns>
    /// <exception cref="StoreUnavailableException">Full, or the disk refuses; the message says what to do.</exception>
    public IReadOnlyList<long> Add(IReadOnlyList<DeadLetterDraft> drafts) => Locked(() =>
    {
        MakeRoom(drafts.Count, drafts.Sum(draft => (long)draft.Payload.Length));
        var before = (_count, _bytes);
        try
        {
            using var transaction = _connection.BeginTransaction();
            var ids = drafts.Select(AddOne).ToArray();
            transaction.Commit();
            return ids;
        }
        catch
        {
            (_count, _bytes) = before;
            throw;
        }
    });

    /// <summary>The letters that match, newest first.</summary>
    public IReadOnlyList<DeadLetter> List(DeadLetterQuery query) => Locked(() => DeadLetterRow.ReadAll(Command(
        $"SELECT {DeadLetterRow.Columns} FROM letter WHERE {FilterOf(query)} AND id < $before ORDER BY id DESC LIMIT $take",
        [.. ParametersOf(query), ("$before", query.BeforeId ?? long.MaxValue), ("$take", query.Take)])));

    /// <summary>How many letters match, whatever the query's page.</summary>
    public long Count(DeadLetterQuery query) =>
        Locked(() => Number($"SELECT count(*) FROM letter WHERE {FilterOf(query)}", ParametersOf(query)));

    /// <summary>Those of the letters that exist.</summary>
    public IReadOnlyList<DeadLetter> Find(IReadOnlyCollection<long> ids) => Locked(() => ids
        .SelectMany(id => DeadLetterRow.ReadAll(Command($"SELECT {DeadLetterRow.Columns} FROM letter WHERE id = $id",
            ("$id", id))))
        .ToArray());

    /// <summary>Marks letters as sent through ingest again with success.</summary>
    public void MarkReplayed(IReadOnlyCollection<long> ids, Instant at) => Locked(() =>
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var id in ids)
        {
            Execute("UPDATE letter SET replayed = $at WHERE id = $id", ("$at", at.Milliseconds), ("$id", id));
        }
        transaction.Commit();
        return 0;
    });

    /// <summary>What was set aside at journal positions from <paramref name="position"/> on; a null record index is the whole
    /// message. A reader that goes back to that position must not store these.</summary>
    public IReadOnlySet<(long Position, int? RecordIndex)> PositionsFrom(long position) => Locked(() =>
    {
        using var command = Command("SELECT position, record FROM delivery WHERE position >= $from", ("$from", position));
        using var rows = command.ExecuteReader();
        var positions = new HashSet<(long, int?)>();
        while (rows.Read())
        {
            positions.Add((rows.GetInt64(0), rows.GetInt32(1) is var record and >= 0 ? record : null));
        }
        return positions;
    });

    /// <summary>Forgets the positions (not the letters) before <paramref name="position"/>, to which no reader goes
    /// back.</summary>
    public void ForgetPositionsBefore(long position) =>
        Locked(() => Execute("DELETE FROM delivery WHERE position < $before", ("$before", position)));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static string FilterOf(DeadLetterQuery query) =>
        "TRUE" + (query.Device is null ? "" : " AND device = $device")
        + (query.Reason is null ? "" : " AND reason = $reason")
        + (query.IncludeReplayed ? "" : " AND replayed IS NULL");

    private static (string, object?)[] ParametersOf(DeadLetterQuery query) =>
        [("$device", query.Device), ("$reason", (long?)query.Reason)];

    private long AddOne(DeadLetterDraft draft)
    {
        var key = KeyOf(draft);
        var isNew = Execute("INSERT OR IGNORE INTO delivery(position, record) VALUES ($at, $record)",
            ("$at", draft.Position), ("$record", draft.RecordIndex ?? -1)) > 0;
        if (Number("SELECT coalesce(max(id), 0) FROM letter WHERE key = $key", ("$key", key)) is var id and > 0)
        {
            if (isNew)
            {
                Execute("UPDATE letter SET deliveries = deliveries + 1, reason = $reason, problem = $problem, replayed = "
                    + "NULL WHERE id = $id",
                    ("$id", id), ("$reason", (long)draft.Reason), ("$problem", draft.Problem));
            }
            return id;
        }
        _count++;
        _bytes += draft.Payload.Length;
        return Insert(draft, key);
    }

    private long Insert(DeadLetterDraft draft, byte[] key) => Number("""
        INSERT INTO letter(key, position, received, topic, client, device, record, reason, problem, payload, payload_bytes,
            content_type, deliveries)
        VALUES ($key, $at, $received, $topic, $client, $device, $record, $reason, $problem, $payload, $bytes, $type, 1)
        RETURNING id
        """,
        ("$key", key), ("$at", draft.Position), ("$received", draft.Received.Milliseconds), ("$topic", draft.Topic),
        ("$client", draft.ClientId), ("$device", draft.Device), ("$record", draft.RecordIndex), ("$reason", (long)draft.Reason),
        ("$problem", draft.Problem), ("$payload", draft.Payload.ToArray()), ("$bytes", draft.PayloadBytes),
        ("$type", draft.ContentType));

    private static byte[] KeyOf(DeadLetterDraft draft)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(draft.Topic));
        Span<byte> numbers = stackalloc byte[9];
        numbers[0] = 0; // Ends the topic: no topic contains it.
        BinaryPrimitives.WriteInt32LittleEndian(numbers[1..], draft.RecordIndex ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[5..], draft.PayloadBytes);
        hash.Append(numbers);
        hash.Append(draft.Payload.Span);
        return hash.GetCurrentHash();
    }

    private void MakeRoom(long count, long bytes)
    {
        while (_count + count > _options.CountMax || _bytes + bytes > _options.BytesMax)
        {
            var deleted = Execute(
                "DELETE FROM letter WHERE id IN (SELECT id FROM letter WHERE replayed IS NOT NULL ORDER BY id LIMIT 1000)");
            if (deleted == 0)
            {
                throw new StoreUnavailableException(
                    $"The dead-letter list is full ({_count:N0} letters, {_bytes:N0} bytes). Ingest waits, "
                    + "and so does any replay; nothing is lost. Raise DeadLetters:CountMax and DeadLetters:BytesMax and "
                        + "restart; then mend the cause and replay them (smartcity dead-letters).");
            }
            Measure();
        }
    }

    private void Measure()
    {
        _count = Number("SELECT count(*) FROM letter");
        _bytes = Number("SELECT coalesce(sum(length(payload)), 0) FROM letter");
    }

    private T Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return Guarded(_path, work);
        }
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is not (raw.SQLITE_ERROR or raw.SQLITE_MISUSE or raw.SQLITE_CONSTRAINT))
        {
            throw new StoreUnavailableException(
                $"The dead-letter list {path} does not work: look at free space, rights and the disk. (SQLite "
                    + $"{e.SqliteExtendedErrorCode}: {e.Message})", e);
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
        return command;
    }

    private int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return (long)command.ExecuteScalar()!;
    }
}
