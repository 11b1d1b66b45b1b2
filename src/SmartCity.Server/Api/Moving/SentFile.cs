using System.Security.Cryptography;
using Google.Protobuf;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Moving;

/// <summary>A file that was sent, as its manifest has it.</summary>
internal sealed record SentFile(string Name, long Bytes, string Sha256)
{
    private const int PartBytes = 256 << 10;

    /// <summary>Sends a file in parts.</summary>
    public static async Task<SentFile> SendAsync(
        Stream content, string name, Func<FilePart, Task> send, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[PartBytes];
        var bytes = 0L;
        while (await content.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            bytes += read;
            await send(new FilePart { Name = name, Content = ByteString.CopyFrom(buffer, 0, read) });
        }
        var file = new SentFile(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        await send(new FilePart { Name = name, End = new FileEnd { Bytes = file.Bytes, Sha256 = file.Sha256 } });
        return file;
    }

    /// <summary>Sends a file and removes it.</summary>
    public static async Task<SentFile> MoveAsync(
        string path, string name, Func<FilePart, Task> send, CancellationToken cancellation)
    {
        SentFile sent;
        await using (var content = File.OpenRead(path))
        {
            sent = await SendAsync(content, name, send, cancellation);
        }
        File.Delete(path);
        return sent;
    }
}
