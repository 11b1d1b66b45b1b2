using Microsoft.Data.Sqlite;

namespace SmartCity.Storage.Journal;

/// <summary>The journal's tables, and whether a file has these and no others: a name in which one bit is wrong is another table, and
/// SQLite would make the missing one, empty.</summary>
internal static class JournalTables
{
    /// <summary>What follows CREATE TABLE.</summary>
    public static readonly string[] All =
    [
        "message_group(position INTEGER PRIMARY KEY, count INTEGER NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL)",
        "quarantine(id INTEGER PRIMARY KEY, found TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, position INTEGER, count INTEGER, "
            + "crc INTEGER, body BLOB)",
        "reader(name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
        "floor(id INTEGER PRIMARY KEY CHECK (id = 0), head INTEGER NOT NULL)",
    ];

    /// <summary>Whether all tables in the file are ours.</summary>
    public static bool AreOurs(SqliteConnection connection)
    {
        var ours = All.Select(table => Words($"table {NameOf(table)} {NameOf(table)} CREATE TABLE {table}")).ToHashSet();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || sql FROM sqlite_master";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows.IsDBNull(0) || !ours.Contains(Words(rows.GetString(0))))
            {
                return false;
            }
        }
        return true;
    }

    private static string NameOf(string table) => table[..table.IndexOf('(', StringComparison.Ordinal)];

    // Earlier versions broke the lines elsewhere.
    private static string Words(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
