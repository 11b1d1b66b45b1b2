namespace SmartCity.Server.Api.Moving;

/// <summary>A folder in the data directory for files on their way in or out; gone when it is disposed of.</summary>
internal sealed class Spool : IDisposable
{
    private const string Prefix = "moving-";

    private Spool(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static Spool In(string dataDirectory) => new(Directory.CreateDirectory(
        System.IO.Path.Combine(System.IO.Path.GetFullPath(dataDirectory), Prefix + Guid.NewGuid().ToString("N"))).FullName);

    /// <summary>Removes what a process that was killed left behind: what is older than this one.</summary>
    public static void Clear(string dataDirectory, DateTime started)
    {
        foreach (var left in Directory.GetDirectories(System.IO.Path.GetFullPath(dataDirectory), Prefix + "*")
            .Where(folder => Directory.GetLastWriteTimeUtc(folder) < started))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
