using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SmartCity.Storage.Journal;

/// <summary>Says for an error of SQLite what a person should do.</summary>
internal static class JournalErrors
{
    private const string Full =
        "The disk is full: free space or move DataDirectory. Nothing acknowledged is lost; it goes on by itself.";

    public static JournalUnavailableException Of(SqliteException e, string path)
    {
        var advice = e.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => Full,
            raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY when DiskSpace.IsOut(path) => Full,
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "Give the server's user the right to write there; or see "
                + "whether the disk has no room for another file (df -i). It goes on by itself.",
            raw.SQLITE_IOERR => "The disk failed: look at the system's log (dmesg), at the disk, and at quotas and limits on "
                + "the size of files. It goes on by itself once writes work.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Something else holds the file: close a sqlite3 shell that has it open. "
                + "A running server tries again by itself.",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                "The file is damaged: restart the server, it then keeps the damaged file and saves every readable message "
                    + "into a new one.",
            _ => "Unexpected: please report it.",
        };
        return new JournalUnavailableException($"The journal {path} does not work. {advice} (SQLite "
            + $"{e.SqliteExtendedErrorCode}: {e.Message})", e);
    }
}
