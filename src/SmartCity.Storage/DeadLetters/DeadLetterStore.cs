using Microsoft.Data.Sqlite;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Moving;
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

    // Null when a failure made it doubtful: then it is counted again.
    private LetterRoom? _room;

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
            CREATE TABLE IF NOT EXISTS tally(id INTEGER PRIMARY KEY CHECK (id = 0), summarised INTEGER NOT NULL);
            INSERT OR IGNORE INTO tally VALUES (0, 0);
            """);
        _room = Measured();
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

    /// <summary>How many letters found no room since the list was made: of these a count and the last one are kept.</summary>
    public long Summarised => Locked(() => Number("SELECT summarised FROM tally"));

    /// <summary>Sets aside. The same topic, payload and record index is one letter whose deliveries are counted; the same journal
    /// position is counted once, so a re-read changes nothing. A replayed letter that comes again waits again. What finds no
    /// room becomes one letter for its sender and reason, whose deliveries are counted and whose content is the last one.</summary>
    /// <returns>The letters' ids, in the order of <paramref name="drafts"/>.</returns>
    /// <exception cref="StoreUnavailableException">The disk refuses; the message says what to do.</exception>
    public IReadOnlyList<long> Add(IReadOnlyList<DeadLetterDraft> drafts) => Changed(room =>
        drafts.Select(draft => AddOne(room, draft)).ToArray());

    /// <summary>The letters that match, newest first: as many as the query takes and fit into its bytes, at least one.</summary>
    public IReadOnlyList<DeadLetter> List(DeadLetterQuery query) => Locked(() => DeadLetterRow.ReadAll(
        Listing(DeadLetterRow.Columns, query), query.BytesMax));

    /// <summary>The ids of the letters that match, newest first.</summary>
    public IReadOnlyList<long> Ids(DeadLetterQuery query) => Locked(() =>
    {
        using var command = Listing("id", query);
        using var rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
        }
        return ids;
    });

    /// <summary>Whether a letter matches that is older than this one.</summary>
    public bool HasOlder(DeadLetterQuery query, long id) => Ids(query with { BeforeId = id, Take = 1 }).Count > 0;

    /// <summary>How many letters match, whatever the query's page.</summary>
    public long Count(DeadLetterQuery query) =>
        Locked(() => Number($"SELECT count(*) FROM letter WHERE {FilterOf(query)}", ParametersOf(query)));

    /// <summary>Those of the letters that exist.</summary>
    public IReadOnlyList<DeadLetter> Find(IReadOnlyCollection<long> ids) => Locked(() => ids
        .SelectMany(id => DeadLetterRow.ReadAll(
            Command($"SELECT {DeadLetterRow.Columns} FROM letter WHERE id = $id", ("$id", id)), long.MaxValue))
        .ToArray());

    /// <summary>The first of the letters that does not exist; null when all do.</summary>
    public long? MissingOf(IReadOnlyCollection<long> ids) => Locked(() => ids
        .Where(id => Number("SELECT count(*) FROM letter WHERE id = $id", ("$id", id)) == 0)
        .Select(id => (long?)id).FirstOrDefault());

    /// <summary>How many of the letters do not wait any more.</summary>
    public int CountReplayed(IReadOnlyCollection<long> ids) => Locked(() => ids.Count(id =>
        Number("SELECT count(*) FROM letter WHERE id = $id AND replayed IS NOT NULL", ("$id", id)) > 0));

    /// <summary>Marks letters as sent through ingest again with success.</summary>
    public void MarkReplayed(IReadOnlyCollection<long> ids, Instant at) => Changed(room =>
    {
        foreach (var id in ids)
        {
            if (Find("id", id) is { Waits: true } letter)
            {
                room.Wait(letter.Sender, -1, -letter.Bytes);
            }
            Execute("UPDATE letter SET replayed = $at WHERE id = $id", ("$at", at.Milliseconds), ("$id", id));
        }
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

    /// <summary>Copies the list as of one moment, while it is written to.</summary>
    /// <exception cref="StoreUnavailableException">The disk refuses; the message says what to do.</exception>
    public async Task CopyAsync(string to)
    {
        try
        {
            await SqliteCopy.OfFileAsync(_path, to);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"{_path} cannot be copied to {to}: see to its disk. ({e.Message})", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static string FilterOf(DeadLetterQuery query) =>
        "TRUE" + (query.Device is null ? "" : " AND device = $device")
        + (query.Reason is null ? "" : " AND reason = $reason")
        + (query.IncludeReplayed ? "" : " AND replayed IS NULL");

    private static (string, object?)[] ParametersOf(DeadLetterQuery query) =>
        [("$device", query.Device), ("$reason", (long?)query.Reason)];

    private long AddOne(LetterRoom room, DeadLetterDraft draft)
    {
        var isNew = Execute("INSERT OR IGNORE INTO delivery(position, record) VALUES ($at, $record)",
            ("$at", draft.Position), ("$record", draft.RecordIndex ?? -1)) > 0;
        var key = LetterKey.Of(draft);
        if (Find("key", key) is { } known)
        {
            if (isNew)
            {
                Leave(room, known);
                Execute("UPDATE letter SET deliveries = deliveries + 1, reason = $reason, problem = $problem, replayed = "
                    + "NULL WHERE id = $id",
                    ("$id", known.Id), ("$reason", (long)draft.Reason), ("$problem", draft.Problem));
                room.Wait(LetterRoom.SenderOf(draft with { ClientId = known.Client }), 1, known.Bytes);
            }
            return known.Id;
        }
        var sender = LetterRoom.SenderOf(draft);
        if (room.ProblemFor(sender, draft.Payload.Length) is { } own)
        {
            return Summarise(room, draft, sender, own, isNew);
        }
        MakeRoom(room, draft.Payload.Length);
        return room.ProblemFor(draft.Payload.Length) is { } full
            ? Summarise(room, draft, "", full, isNew) // One for all, or made-up senders would fill the list all the same.
            : Insert(room, draft, key);
    }

    private long Summarise(LetterRoom room, DeadLetterDraft draft, string sender, string why, bool isNew)
    {
        var key = LetterKey.OfSummary(sender, draft.Reason);
        var known = Find("key", key);
        if (!isNew)
        {
            return known?.Id ?? 0; // It was summarised when it was read for the first time.
        }
        Execute("UPDATE tally SET summarised = summarised + 1");
        if (known is { } summary)
        {
            Leave(room, summary);
            room.Keep(-1, -summary.Bytes);
        }
        var count = (known?.Deliveries ?? 0) + 1;
        return Insert(room, draft with
        {
            Problem = $"{count:N0} that found no room are counted here: {why}. Only this one is kept, the last: {draft.Problem}",
        }, key);
    }

    // Takes the place of the letter with the same key.
    private long Insert(LetterRoom room, DeadLetterDraft draft, byte[] key)
    {
        room.Keep(1, draft.Payload.Length);
        room.Wait(LetterRoom.SenderOf(draft), 1, draft.Payload.Length);
        return Number("""
            INSERT INTO letter(key, position, received, topic, client, device, record, reason, problem, payload, payload_bytes,
                content_type, deliveries)
            VALUES ($key, $at, $received, $topic, $client, $device, $record, $reason, $problem, $payload, $bytes, $type, 1)
            ON CONFLICT(key) DO UPDATE SET position = excluded.position, received = excluded.received, topic = excluded.topic,
                client = excluded.client, device = excluded.device, record = excluded.record, reason = excluded.reason,
                problem = excluded.problem, payload = excluded.payload, payload_bytes = excluded.payload_bytes,
                content_type = excluded.content_type, deliveries = deliveries + 1, replayed = NULL
            RETURNING id
            """,
            ("$key", key), ("$at", draft.Position), ("$received", draft.Received.Milliseconds), ("$topic", draft.Topic),
            ("$client", draft.ClientId), ("$device", draft.Device), ("$record", draft.RecordIndex),
            ("$reason", (long)draft.Reason), ("$problem", draft.Problem), ("$payload", draft.Payload.ToArray()),
            ("$bytes", draft.PayloadBytes), ("$type", draft.ContentType));
    }

    private static void Leave(LetterRoom room, in Known letter)
    {
        if (letter.Waits)
        {
            room.Wait(letter.Sender, -1, -letter.Bytes);
        }
    }

    private Known? Find(string column, object value)
    {
        using var command = Command(
            $"SELECT id, deliveries, client, {LetterRoom.SenderColumn}, length(payload), replayed IS NULL FROM letter "
                + $"WHERE {column} = $value",
            ("$value", value));
        using var row = command.ExecuteReader();
        return row.Read()
            ? new Known(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetBoolean(5))
            : null;
    }

    private void MakeRoom(LetterRoom room, long bytes)
    {
        var deleted = 1;
        while (deleted > 0 && room.ProblemFor(bytes) is not null)
        {
            deleted = 0;
            using var command = Command(
                "DELETE FROM letter WHERE id IN (SELECT id FROM letter WHERE replayed IS NOT NULL ORDER BY id LIMIT 1000) "
                    + "RETURNING length(payload)");
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                deleted++;
                room.Keep(-1, -rows.GetInt64(0));
            }
        }
    }

    private LetterRoom Measured()
    {
        var room = new LetterRoom(_options);
        using var command = Command(
            $"SELECT {LetterRoom.SenderColumn}, replayed IS NULL, count(*), sum(length(payload)) FROM letter GROUP BY 1, 2");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var (count, bytes) = (rows.GetInt64(2), rows.GetInt64(3));
            room.Keep(count, bytes);
            if (rows.GetBoolean(1))
            {
                room.Wait(rows.GetString(0), count, bytes);
            }
        }
        return room;
    }

    private T Changed<T>(Func<LetterRoom, T> change) => Locked(() =>
    {
        var room = _room ?? Measured();
        _room = null;
        using var transaction = _connection.BeginTransaction();
        var result = change(room);
        transaction.Commit();
        _room = room;
        return result;
    });

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
                $"The dead-letter list {path} does not work. {AdviceFor(e, path)} What was acknowledged is in the journal; it goes on by "
                    + $"itself. (SQLite {e.SqliteExtendedErrorCode}: {e.Message})", e);
        }
    }

    private static string AdviceFor(SqliteException e, string path) => e.SqliteErrorCode == raw.SQLITE_FULL || DiskSpace.IsOut(path)
        ? "The disk is full: free space."
        : "Look at free space, at rights and at the disk.";

    private SqliteCommand Listing(string columns, DeadLetterQuery query) => Command(
        $"SELECT {columns} FROM letter WHERE {FilterOf(query)} AND id < $before ORDER BY id DESC LIMIT $take",
        [.. ParametersOf(query), ("$before", query.BeforeId ?? long.MaxValue), ("$take", query.Take)]);

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

    // A letter in the list.
    private readonly record struct Known(long Id, long Deliveries, string Client, string Sender, long Bytes, bool Waits);
}
