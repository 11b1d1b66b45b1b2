using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace SmartCity.Storage.Journal;

/// <summary>Rebuilds a journal whose file is damaged in its structure: every sound group goes into a new file, the damaged file
/// is kept beside it.</summary>
internal static partial class JournalSalvage
{
    // The file and its log.
    private static readonly string[] Endings = ["", "-wal"];

    private static string MarkerOf(string path) => path + ".rebuild";

    // Everything sound is in it, and it only has to take the journal's name.
    private static string SoundOf(string path) => path + ".sound";

    /// <summary>Asks for a rebuild at the next start: now readers have the file open.</summary>
    public static void Mark(string path, ILogger logger)
    {
        try
        {
            File.WriteAllText(MarkerOf(path), "The journal is damaged and is rebuilt at the next start.\n");
        }
        catch (IOException e)
        {
            // A disk may be full and damaged. The damage is found again when the file is opened.
            Log.NotMarked(logger, path, e);
        }
    }

    /// <summary>Whether a rebuild was asked for, or was interrupted.</summary>
    public static bool IsMarked(string path) =>
        File.Exists(path) && (File.Exists(MarkerOf(path)) || File.Exists(SoundOf(path)));

    /// <summary>Whether a file has damage in its structure, or one in its log that would hide what comes after it. Reads all of
    /// it.</summary>
    public static bool IsDamaged(string path)
    {
        // A link to another disk may lead to nothing yet.
        if (!File.Exists(path) || !File.Exists(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path))
        {
            return false;
        }
        using (var log = JournalWal.Of(path))
        {
            if (log.IsCutShort() || !HasKnownFormat(path))
            {
                return true;
            }
        }
        ReadAhead(path);
        using var connection = JournalFile.Connect(path);
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        return check.ExecuteScalar() is not "ok" || !JournalTables.AreOurs(connection);
    }

    /// <summary>Whether an error comes from what is in the file.</summary>
    public static bool IsDamage(Exception e) => e is SqliteException
        {
            SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR or raw.SQLITE_FORMAT,
        }
        or InvalidCastException or InvalidOperationException or FormatException or OverflowException;

    public static void Run(string path, ILogger logger)
    {
        var sound = SoundOf(path);
        if (!File.Exists(sound))
        {
            var rebuilt = path + ".new";
            File.Delete(rebuilt);
            var (kept, lost) = Copy(path, rebuilt);
            var damaged = FreeName(path);
            CopyBoth(path, damaged);
            File.Move(rebuilt, sound);
            Log.Rebuilt(logger, path, kept, lost, damaged);
        }
        // From here on the old file is not looked at again, whenever this is interrupted. Its log must be gone before another file has
        // its name: it would be taken for that one's.
        File.Delete(MarkerOf(path));
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
        File.Move(sound, path, overwrite: true);
    }

    private static (long Kept, long Lost) Copy(string path, string rebuilt)
    {
        // To look at a log empties it, and what SQLite does not see in it is still wanted.
        var looked = path + ".looked";
        CopyBoth(path, looked);
        using var target = JournalFile.Open(rebuilt);
        var (kept, lost, next) = (0L, 0L, 0L);
        try
        {
            EmptyLog(looked);
            using var reader = new JournalReader(looked);
            try
            {
                lost += CopyUp(reader, target, ref kept, ref next);
            }
            catch (Exception e) when (IsDamage(e))
            {
                // The tree cannot be walked on from here; its other end may be whole.
                lost += 1 + CopyDown(reader, target, ref kept, next);
            }
            CopyRest(looked, target);
        }
        catch (Exception e) when (IsDamage(e))
        {
            lost++;
        }
        kept += Carve(path, rebuilt, target);
        foreach (var ending in Endings.Append("-shm"))
        {
            File.Delete(looked + ending);
        }
        // Positions of lost groups were given out, and must not be given again.
        target.RaiseFloor(target.Head() + (lost * JournalFile.GroupMessagesMax));
        return (kept, lost);
    }

    // What the tree does not lead to any more.
    private static long Carve(string path, string rebuilt, JournalFile target)
    {
        var found = 0L;
        using var carver = new JournalCarver(path);
        using var known = new JournalReader(rebuilt);
        foreach (var group in carver.Groups())
        {
            if (known.Next(group.Position)?.Position != group.Position)
            {
                target.Append(group.Position, (int)group.Count, group.Body);
                found++;
            }
        }
        return found;
    }

    private static void CopyBoth(string path, string copy)
    {
        foreach (var ending in Endings)
        {
            File.Delete(copy + ending);
            if (File.Exists(path + ending))
            {
                File.Copy(path + ending, copy + ending);
            }
        }
    }

    // What is still in the write-ahead log belongs to the old file only.
    private static void EmptyLog(string path)
    {
        using var connection = JournalFile.Connect(path);
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteScalar();
    }

    private static long CopyUp(JournalReader reader, JournalFile target, ref long kept, ref long next)
    {
        var lost = 0L;
        while (reader.Next(next) is { } group)
        {
            lost += CopyOne(group, target, ref kept) ? 0 : 1;
            next = group.Position + 1;
        }
        return lost;
    }

    private static long CopyDown(JournalReader reader, JournalFile target, ref long kept, long until)
    {
        var lost = 0L;
        for (var group = reader.Last(); group is { } found && found.Position >= until; group = reader.Before(found.Position))
        {
            lost += CopyOne(found, target, ref kept) ? 0 : 1;
        }
        return lost;
    }

    private static bool CopyOne(JournalGroup group, JournalFile target, ref long kept)
    {
        if (!group.IsSound)
        {
            return false;
        }
        target.Append(group.Position, (int)group.Count, group.Body);
        kept++;
        return true;
    }

    private static void CopyRest(string path, JournalFile target)
    {
        using var connection = JournalFile.Connect(path);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, position FROM reader UNION ALL SELECT NULL, head FROM floor";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows.IsDBNull(0))
            {
                target.RaiseFloor(rows.GetInt64(1));
            }
            else
            {
                target.SaveCursor(rows.GetString(0), rows.GetInt64(1));
            }
        }
    }

    // SQLite takes a file for one that may only be read when two numbers in its head say so.
    private static bool HasKnownFormat(string path)
    {
        Span<byte> head = stackalloc byte[20];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || (head[18] is 1 or 2 && head[19] is 1 or 2);
    }

    // The check asks for pages in no order. From one end to the other a disk gives them ten times as fast, and then they are in memory.
    private static void ReadAhead(string path)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[1 << 20];
        while (file.Read(buffer) > 0)
        {
        }
    }

    private static string FreeName(string path)
    {
        var number = 1;
        while (File.Exists(Name()))
        {
            number++;
        }
        return Name();

        string Name() => path + ".damaged-" + number.ToString(CultureInfo.InvariantCulture);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "That the journal {Path} is damaged could not be noted beside it")]
        public static partial void NotMarked(ILogger logger, string path, Exception e);

        [LoggerMessage(LogLevel.Critical,
            "The journal {Path} was damaged: {Kept} groups are in the rebuilt file, {Lost} places could not be read; the "
                + "damaged file is kept as {Damaged}")]
        public static partial void Rebuilt(ILogger logger, string path, long kept, long lost, string damaged);
    }
}
