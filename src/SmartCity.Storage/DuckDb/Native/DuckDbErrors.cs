using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb.Native;

/// <summary>An error of DuckDB that is our bug; what the world did to it is a <see cref="StoreUnavailableException"/>.</summary>
internal sealed class DuckDbException(string message) : Exception(message);

/// <summary>Tells DuckDB's errors apart. Its texts begin with their kind, which is the same through all parts of its C
/// interface.</summary>
internal static class DuckDbErrors
{
    // What is wrong with a value, not with the statement it is in.
    private static readonly string[] Refusals =
        ["Constraint Error", "Conversion Error", "Out of Range Error", "Invalid Input Error", "Mismatch Type Error"];

    public static Exception Of(string error, string path)
    {
        if (error.StartsWith("INTERRUPT", StringComparison.Ordinal))
        {
            return new OperationCanceledException("The query was cancelled.");
        }
        if (Refusals.Any(refusal => error.StartsWith(refusal, StringComparison.Ordinal)))
        {
            return new StoreRefusedException(error);
        }
        return AdviceFor(error, path) is { } advice
            ? new StoreUnavailableException($"The store {path} does not work. {advice} (DuckDB: {error})")
            : new DuckDbException(error);
    }

    /// <summary>Whether another process holds the file, or the file may not be opened: its content is not in question.</summary>
    public static bool IsAboutAccess(string error) =>
        error.Contains("lock on file", StringComparison.Ordinal) || error.Contains("Permission denied", StringComparison.Ordinal)
        || IsAboutSpace(error) || error.Contains("newer version", StringComparison.Ordinal)
        || error.Contains("Too many open files", StringComparison.Ordinal);

    // No space, a quota, or a limit on the size of files.
    private static bool IsAboutSpace(string error) =>
        error.Contains("No space left", StringComparison.Ordinal) || error.Contains("quota exceeded", StringComparison.Ordinal)
        || error.Contains("File too large", StringComparison.Ordinal);

    private static string? AdviceFor(string error, string path) => error switch
    {
        _ when IsAboutSpace(error) || (error.StartsWith("IO Error", StringComparison.Ordinal) && DiskSpace.IsOut(path)) =>
            "The disk is full: free space. What was acknowledged is in the journal; it goes on by itself.",
        _ when error.Contains("lock on file", StringComparison.Ordinal) => "Another process has it open: stop that one.",
        _ when error.Contains("Permission denied", StringComparison.Ordinal) =>
            "Give the server's user the right to write there.",
        _ when error.Contains("newer version", StringComparison.Ordinal) =>
            "A newer server made it: run that version or a newer one.",
        _ when error.StartsWith("Out of Memory", StringComparison.Ordinal) =>
            "The query needs more memory than it may have: ask for a shorter period, or raise Store:MemoryBytesMax.",
        _ when error.StartsWith("IO Error", StringComparison.Ordinal) || error.StartsWith("FATAL", StringComparison.Ordinal)
            || error.StartsWith("INTERNAL", StringComparison.Ordinal) || error.StartsWith("TransactionContext",
                StringComparison.Ordinal)
            || error.StartsWith("Connection", StringComparison.Ordinal) || error.StartsWith("Serialization",
                StringComparison.Ordinal)
            || error.Contains("invalidated", StringComparison.Ordinal) =>
            "Look at free space, at the system's log and at the disk. What was acknowledged is in the journal; it goes on by "
                + "itself.",
        _ => null,
    };
}
