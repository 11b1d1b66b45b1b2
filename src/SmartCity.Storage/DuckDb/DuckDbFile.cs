using System.Globalization;
using DuckDB.NET.Native;
using Microsoft.Extensions.Logging;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Opens the database file. A write-ahead log that does not replay is set aside: what was in it is in the
/// journal.</summary>
internal static partial class DuckDbFile
{
    /// <exception cref="StoreUnavailableException">Worth another try later; the message says what to do.</exception>
    public static DuckDBDatabase Open(string path, DuckDbOptions options, ILogger logger)
    {
        try
        {
            return OpenMarked(path, options, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DuckDbErrors.Of("IO Error: " + e.Message, path); // The marker or the log, not DuckDB's own doing.
        }
    }

    private static DuckDBDatabase OpenMarked(string path, DuckDbOptions options, ILogger logger)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var opening = path + ".opening";
        if (File.Exists(opening))
        {
            // The process ended while it was opening: the log may be what ended it.
            SetLogAside(path, logger, "the last start ended while it was being read");
        }
        File.WriteAllText(opening, "");
        var database = TryOpen(path, options, out var error) ?? OpenWithoutLog(path, options, logger, error);
        File.Delete(opening);
        return database;
    }

    private static DuckDBDatabase OpenWithoutLog(string path, DuckDbOptions options, ILogger logger, string error)
    {
        if (DuckDbErrors.IsAboutAccess(error))
        {
            File.Delete(path + ".opening");
            throw DuckDbErrors.Of("IO Error: " + error, path);
        }
        var aside = SetLogAside(path, logger, error);
        if (TryOpen(path, options, out error) is { } database)
        {
            return database;
        }
        foreach (var (log, kept) in aside)
        {
            File.Move(kept, log); // The log was not what is wrong, and belongs to the file that a person may yet mend.
        }
        File.Delete(path + ".opening");
        throw new StoreUnavailableException(
            $"The store {path} cannot be opened, and nothing here deletes it. The journal holds only the newest messages, "
                + $"not the history: "
            + "put a backup of the file in its place (and delete the .wal beside it); or move the file away to start with an "
                + "empty history. "
            + $"It goes on by itself then. (DuckDB: {error})");
    }

    private static DuckDBDatabase? TryOpen(string path, DuckDbOptions options, out string error)
    {
        NativeMethods.Configuration.DuckDBCreateConfig(out var config);
        using (config)
        {
            foreach (var (name, value) in SettingsOf(path, options))
            {
                if (NativeMethods.Configuration.DuckDBSetConfig(config, name, value) != DuckDBState.Success)
                {
                    throw new DuckDbException($"DuckDB does not take {name} = {value}.");
                }
            }
            return NativeMethods.Startup.DuckDBOpen(path, out var database, config, out error) == DuckDBState.Success
                ? database : null;
        }
    }

    private static (string Name, string Value)[] SettingsOf(string path, DuckDbOptions options) =>
    [
        ("memory_limit", string.Create(CultureInfo.InvariantCulture, $"{options.MemoryBytesMax}B")),
        ("threads", options.Threads.ToString(CultureInfo.InvariantCulture)),
        ("temp_directory", path + ".tmp"),
        ("max_temp_directory_size", string.Create(CultureInfo.InvariantCulture, $"{options.SpillBytesMax}B")),
        // The store decides when to checkpoint; this only bounds the log if it cannot.
        ("checkpoint_threshold", "1GB"),
        ("storage_compatibility_version", "latest"),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
    ];

    private static List<(string Log, string Kept)> SetLogAside(string path, ILogger logger, string reason)
    {
        var moved = new List<(string, string)>();
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var log in Directory.GetFiles(directory, Path.GetFileName(path) + ".wal*").Where(name =>
            !name.Contains(".damaged-", StringComparison.Ordinal)))
        {
            var number = 1;
            while (File.Exists(Kept()))
            {
                number++;
            }
            File.Move(log, Kept());
            moved.Add((log, Kept()));
            Log.LogSetAside(logger, log, Kept(), reason);

            string Kept() => log + ".damaged-" + number.ToString(CultureInfo.InvariantCulture);
        }
        return moved;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error,
            "The write-ahead log {File} of the store does not replay and is kept as {Kept}: its messages are read from the "
                + "journal again ({Reason})")]
        public static partial void LogSetAside(ILogger logger, string file, string kept, string reason);
    }
}
