using System.Text.Encodings.Web;
using System.Text.Json;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Moving;

/// <summary>The last file of an export or a backup: what there is, for people and programs.</summary>
internal static class Manifest
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It is no page of the web: + and Chinese stay readable.
    };

    public static async Task SendAsync(object manifest, Func<FilePart, Task> send, CancellationToken cancellation)
    {
        using var text = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, Form));
        await SentFile.SendAsync(text, FileName, send, cancellation);
    }
}
