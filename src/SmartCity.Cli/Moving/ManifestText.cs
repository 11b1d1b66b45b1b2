using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SmartCity.Cli.Asking;

namespace SmartCity.Cli.Moving;

/// <summary>What a manifest says of its files.</summary>
internal sealed record ManifestText(string Text, string Kind, IReadOnlyList<ManifestText.Entry> Files, IReadOnlyList<string> Notes)
{
    public const string FileName = "manifest.json";

    /// <summary>Where the manifest of an export is that is one file.</summary>
    public static string Beside(string file) => Path.ChangeExtension(file, FileName);

    /// <exception cref="UsageException">It is none.</exception>
    public static ManifestText Parse(string text, string where)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new ManifestText(
                text, root.GetProperty("kind").GetString()!,
                [
                    .. root.GetProperty("files").EnumerateArray().Select(file => new Entry(
                        file.GetProperty("name").GetString()!, file.GetProperty("bytes").GetInt64(),
                        file.GetProperty("sha256").GetString()!)),
                ],
                root.TryGetProperty("notes", out var notes) ? [.. notes.EnumerateArray().Select(note => note.GetString()!)] : []);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"{where} is no manifest of smartcity: {e.Message}");
        }
    }

    /// <summary>What it says of one file; null when it does not list it.</summary>
    public ManifestText? Only(string name) =>
        Files.FirstOrDefault(file => file.Name == name) is { } file ? this with { Files = [file] } : null;

    /// <summary>Says what is wrong with the files of a folder; null when all are as they were written.</summary>
    public async Task<string?> ProblemInAsync(string folder, CancellationToken cancellation)
    {
        foreach (var (name, bytes, sha256) in Files)
        {
            var path = Path.Combine(folder, name);
            if (Path.GetFileName(name) != name || !File.Exists(path))
            {
                return $"'{path}' is missing, which {FileName} lists. Copy the whole folder again.";
            }
            await using var content = File.OpenRead(path);
            if (content.Length != bytes || await NextHashAsync(content, bytes, cancellation) != sha256)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}' is not as it was written: {bytes} bytes with SHA-256 {sha256} are expected. Copy it again.");
            }
        }
        return null;
    }

    /// <summary>Says what is wrong with a file that has all files of the list, one behind the other; null when it is as it was
    /// written.</summary>
    public async Task<string?> ProblemInOneAsync(string path, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);
        var isWhole = content.Length == Files.Sum(file => file.Bytes);
        foreach (var (_, bytes, sha256) in Files)
        {
            isWhole = isWhole && await NextHashAsync(content, bytes, cancellation) == sha256;
        }
        return isWhole ? null : $"'{path}' is not as it was written: its manifest has another size or SHA-256. Copy it again.";
    }

    private static async Task<string> NextHashAsync(FileStream content, long bytes, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 << 10];
        while (bytes > 0)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), cancellation);
            hash.AppendData(buffer, 0, read);
            bytes = read > 0 ? bytes - read : 0;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A file of the list.</summary>
    internal sealed record Entry(string Name, long Bytes, string Sha256);
}
