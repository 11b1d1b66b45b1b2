using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartCity.Storage.Journal;

/// <summary>Reads groups on a connection of its own; between two groups it holds nothing that the writer would wait
/// for.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _next;
    private readonly SqliteCommand _nextPosition;
    private readonly SqliteCommand _containing;

    public JournalReader(string path)
    {
        _connection = JournalFile.Connect(path);
        _next = Command("SELECT position, count, crc, body FROM message_group WHERE position >= $from ORDER BY position LIMIT 1");
        _nextPosition = Command("SELECT position FROM message_group WHERE position >= $from ORDER BY position LIMIT 1");
        _containing = Command("SELECT max(position) FROM message_group WHERE position <= $from");
    }

    /// <summary>Where to start so that <paramref name="position"/> is met.</summary>
    public long StartOf(long position)
    {
        _containing.Parameters[0].Value = position;
        return _containing.ExecuteScalar() as long? ?? position;
    }

    /// <summary>The first group at or after <paramref name="from"/>; one whose pages cannot be followed comes without a
    /// body.</summary>
    public JournalGroup? Next(long from)
    {
        try
        {
            _next.Parameters[0].Value = from;
            using var row = _next.ExecuteReader();
            return row.Read() ? JournalGroup.Of(row) : null;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            _nextPosition.Parameters[0].Value = from;
            return _nextPosition.ExecuteScalar() is long position ? new JournalGroup(position, -1, -1, []) : null;
        }
    }

    /// <summary>The group with the highest position.</summary>
    public JournalGroup? Last() => Before(long.MaxValue);

    /// <summary>The last group before <paramref name="position"/>; one whose pages cannot be followed comes without a
    /// body.</summary>
    public JournalGroup? Before(long position)
    {
        using var find = Command("SELECT max(position) FROM message_group WHERE position < $from");
        find.Parameters[0].Value = position;
        return find.ExecuteScalar() is long found ? Next(found) : null;
    }

    public void Dispose()
    {
        _next.Dispose();
        _nextPosition.Dispose();
        _containing.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add("$from", SqliteType.Integer);
        return command;
    }
}
