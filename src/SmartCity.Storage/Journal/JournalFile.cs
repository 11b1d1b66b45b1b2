using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartCity.Storage.Journal;

/// <summary>The writing side of the journal's SQLite file. Used by one thread; after an error it is thrown away and
/// reopened.</summary>
internal sealed class JournalFile : IDisposable
{
    /// <summary>The most messages in one group. Part of the format: a damaged last group is assumed to have had so
    /// many.</summary>
    public const int GroupMessagesMax = 1_000;

    // Freed pages are reused; beyond this many the file is given back to the disk, a little with each trim.
    private const long FreePagesKept = 16_384;

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _insert;
    private readonly SqliteCommand _pages;
    private readonly SqliteCommand _freePages;
    private readonly long _pageBytes;

    private JournalFile(SqliteConnection connection)
    {
        _connection = connection;
        _pages = Command("PRAGMA page_count");
        _freePages = Command("PRAGMA freelist_count");
        _pageBytes = Number("PRAGMA page_size")!.Value;
        // Last: nothing after it may fail, since only Dispose ends it.
        Check(raw.sqlite3_prepare_v3(connection.Handle!,
            "INSERT INTO message_group(position, count, crc, body) VALUES (?, ?, ?, ?)", raw.SQLITE_PREPARE_PERSISTENT,
                out _insert));
    }

    /// <summary>Opens or makes the file and sees to it that what can be read in it is on disk.</summary>
    public static JournalFile Open(string path)
    {
        var connection = Connect(path);
        try
        {
            // auto_vacuum must come before the first table, WAL before the first write.
            Run(connection, """
                PRAGMA auto_vacuum = INCREMENTAL;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA journal_size_limit = 67108864;
                """);
            foreach (var table in JournalTables.All)
            {
                Run(connection, "CREATE TABLE IF NOT EXISTS " + table);
            }
            // After a failed fsync the page cache may show what the disk never got, and later frames would rest on it.
            // A checkpoint writes all of it anew and syncs the file.
            using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            if ((long)checkpoint.ExecuteScalar()! != 0)
            {
                throw new SqliteException("A reader kept the log from being emptied.", raw.SQLITE_BUSY);
            }
            return new JournalFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection of its own to the file.</summary>
    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Bytes in use, without the write-ahead log.</summary>
    public long Bytes => ((long)_pages.ExecuteScalar()! - (long)_freePages.ExecuteScalar()!) * _pageBytes;

    public long Tail => Number("SELECT min(position) FROM message_group") ?? Head();

    public long Quarantined => Number("SELECT count(*) FROM quarantine")!.Value;

    /// <summary>Adds a group; it is on disk when this returns.</summary>
    public void Append(long position, int count, ReadOnlySpan<byte> body)
    {
        raw.sqlite3_bind_int64(_insert, 1, position);
        raw.sqlite3_bind_int(_insert, 2, count);
        raw.sqlite3_bind_int64(_insert, 3, JournalChecksum.Of(position, count, body));
        Check(raw.sqlite3_bind_blob(_insert, 4, body));
        var answer = raw.sqlite3_step(_insert);
        raw.sqlite3_reset(_insert);
        raw.sqlite3_clear_bindings(_insert);
        Check(answer == raw.SQLITE_DONE ? raw.SQLITE_OK : answer);
    }

    /// <summary>The next position: after the last sound group, and after every position that may have been given out.</summary>
    public long Head()
    {
        var head = Math.Max(Number("SELECT head FROM floor") ?? 0, 0);
        using var command = Command("SELECT position, count, crc, body FROM message_group ORDER BY position DESC");
        using var rows = command.ExecuteReader();
        var damaged = 0L;
        while (rows.Read())
        {
            var group = JournalGroup.Of(rows);
            if (group.IsSound)
            {
                head = Math.Max(head, group.Position + group.Count);
                break;
            }
            damaged++;
        }
        return head + (damaged * GroupMessagesMax);
    }

    /// <summary>Moves the group at <paramref name="position"/> out of the readers' way, for a person to look at.</summary>
    public void Quarantine(long position, long head)
    {
        using var transaction = _connection.BeginTransaction();
        Execute("INSERT INTO quarantine(position, count, crc, body) SELECT position, count, crc, body FROM message_group "
            + "WHERE position = $at",
            ("$at", position));
        Execute("DELETE FROM message_group WHERE position = $at", ("$at", position));
        RaiseFloor(head);
        transaction.Commit();
    }

    /// <summary>Remembers that positions before <paramref name="head"/> were given out.</summary>
    public void RaiseFloor(long head) => Execute(
        "INSERT INTO floor(id, head) VALUES (0, $head) ON CONFLICT(id) DO UPDATE SET head = max(head, excluded.head)",
            ("$head", head));

    /// <summary>Deletes some of the groups that end before <paramref name="before"/>; false when none is left. The last group
    /// stays: it holds the head.</summary>
    public bool TrimSome(long before)
    {
        var deleted = Execute("""
            DELETE FROM message_group WHERE position IN (
                SELECT position FROM message_group
                WHERE position < (SELECT max(position) FROM message_group WHERE position <= $before) ORDER BY position LIMIT 64)
            """, ("$before", before));
        if ((long)_freePages.ExecuteScalar()! > FreePagesKept)
        {
            // The pragma frees one page for each row it is asked for.
            using var vacuum = Command("PRAGMA incremental_vacuum(2048)");
            using var steps = vacuum.ExecuteReader();
            while (steps.Read())
            {
            }
        }
        return deleted > 0;
    }

    public Dictionary<string, long> Cursors()
    {
        using var command = Command("SELECT name, position FROM reader");
        using var rows = command.ExecuteReader();
        var cursors = new Dictionary<string, long>(StringComparer.Ordinal);
        while (rows.Read())
        {
            cursors.Add(rows.GetString(0), rows.GetInt64(1));
        }
        return cursors;
    }

    public void SaveCursor(string name, long position) => Execute(
        "INSERT INTO reader(name, position) VALUES ($name, $at) ON CONFLICT(name) DO UPDATE SET position = excluded.position",
        ("$name", name), ("$at", position));

    public void Dispose()
    {
        _insert.Dispose();
        _pages.Dispose();
        _freePages.Dispose();
        _connection.Dispose();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }
        return command.ExecuteNonQuery();
    }

    private long? Number(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar() as long?;
    }

    private void Check(int answer) => SqliteException.ThrowExceptionForRC(answer, _connection.Handle);
}
