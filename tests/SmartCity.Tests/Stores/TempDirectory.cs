namespace SmartCity.Tests.Stores;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TempDirectory : IDisposable
{
    private readonly bool inMemory;

    /// <param name="inMemory">Where there is such a place.</param>
    public TempDirectory(bool inMemory = false)
    {
        this.inMemory = inMemory && Directory.Exists("/dev/shm");
        Path = this.inMemory
            ? Directory.CreateDirectory("/dev/shm/smartcity-test-" + System.IO.Path.GetRandomFileName()).FullName
            : Directory.CreateTempSubdirectory("smartcity-test-").FullName;
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The directory as a crash at this moment would leave it.</summary>
    public TempDirectory CopyAsAfterCrash()
    {
        var copy = new TempDirectory(inMemory);
        foreach (var file in Directory.GetFiles(Path))
        {
            var name = System.IO.Path.GetFileName(file);
            // The lock belongs to the living process, and shared memory does not survive one.
            if (name != "lock" && !name.EndsWith("-shm", StringComparison.Ordinal))
            {
                Copy(file, copy.File(name));
            }
        }
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    // File.Copy asks for a lock that the store's process may hold.
    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = System.IO.File.Create(to);
        source.CopyTo(target);
    }
}
