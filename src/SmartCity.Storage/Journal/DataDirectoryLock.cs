using System.Globalization;

namespace SmartCity.Storage.Journal;

/// <summary>Keeps a second process out of a data directory, for as long as it is not disposed or the process lives.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectoryLock(FileStream held, string owner)
    {
        _lock = held;
        try
        {
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It is only for a second process's message. On a full disk the journal says what is wrong, in its own words.
        }
    }

    /// <exception cref="JournalUnavailableException">Another process has the directory; the message names it.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        var owner = Path.Combine(directory, "owner.txt");
        try
        {
            Directory.CreateDirectory(directory);
            // The operating system gives the lock back however the process ends; the file's presence means nothing.
            var held = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
            return new DataDirectoryLock(held, owner);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalUnavailableException($"May not write in {directory}: give this user the right, or set another "
                + $"DataDirectory.", e);
        }
        catch (IOException e) when (e.Message.Contains("No space left", StringComparison.Ordinal))
        {
            throw new JournalUnavailableException(
                $"The disk with {directory} is full: free space, then start again. Nothing acknowledged is lost. ({e.Message})", e);
        }
        catch (IOException e)
        {
            var process = File.Exists(owner) ? $" (process {File.ReadAllText(owner)})" : "";
            throw new JournalUnavailableException(
                $"{directory} cannot be locked; another server{process} is using it. Stop that one, or set another "
                    + $"DataDirectory. ({e.Message})", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
