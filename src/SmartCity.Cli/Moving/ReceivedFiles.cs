using System.Security.Cryptography;
using SmartCity.Cli.Asking;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Moving;

/// <summary>Writes files as they come. The manifest is the last: without it what is there is not whole.</summary>
/// <param name="pathOf">Where a file of that name goes; of one path for several files they stand one behind the other.</param>
internal sealed class ReceivedFiles(Func<string, string> pathOf) : IAsyncDisposable
{
    private readonly HashSet<string> begun = new(StringComparer.Ordinal);
    private FileStream? file;
    private IncrementalHash? hash;
    private string name = "";
    private ManifestText? manifest;

    /// <summary>Makes a folder that has to be new, or empty.</summary>
    public static void Prepare(string folder, string option)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new UsageException($"{option}: '{folder}' is not empty. Name a new folder, so that nothing is mixed up.");
        }
        Directory.CreateDirectory(folder);
    }

    /// <summary>Takes all parts, and gives what the last file says.</summary>
    public async Task<ManifestText> TakeAsync(IAsyncEnumerable<FilePart> parts, CancellationToken cancellation)
    {
        await foreach (var part in parts)
        {
            file ??= Begin(part.Name);
            await file.WriteAsync(part.Content.Memory, cancellation);
            hash!.AppendData(part.Content.Span);
            if (part.End is { } end)
            {
                await EndAsync(end, cancellation);
            }
        }
        return manifest ?? throw new UsageException("The server ended before its manifest: what came is not whole. Run the command again.");
    }

    public async ValueTask DisposeAsync()
    {
        hash?.Dispose();
        if (file is not null)
        {
            await file.DisposeAsync();
        }
    }

    private FileStream Begin(string next)
    {
        if (next.Length == 0 || Path.GetFileName(next) != next)
        {
            throw new UsageException($"The server sends a file of the name '{next}', which is none. Is it a SmartCity server?");
        }
        (name, hash) = (next, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        var path = pathOf(next);
        return new FileStream(path, begun.Add(path) ? FileMode.CreateNew : FileMode.Append);
    }

    private async Task EndAsync(FileEnd end, CancellationToken cancellation)
    {
        file!.Flush(flushToDisk: true);
        await file.DisposeAsync();
        file = null;
        if (Convert.ToHexStringLower(hash!.GetHashAndReset()) != end.Sha256)
        {
            throw new UsageException($"'{name}' was changed on its way. Run the command again.");
        }
        hash.Dispose();
        if (name == ManifestText.FileName)
        {
            manifest = ManifestText.Parse(await File.ReadAllTextAsync(pathOf(name), cancellation), name);
        }
    }
}
