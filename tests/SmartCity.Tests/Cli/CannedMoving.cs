using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

/// <summary>Sends one small file and its manifest, or the one part that a test told it to.</summary>
internal sealed class CannedMoving(CannedCity city) : MovingService.MovingServiceBase
{
    public const string Content = "# nothing\n";

    public override async Task ExportTelemetry(
        ExportTelemetryRequest request, IServerStreamWriter<ExportTelemetryResponse> responseStream, ServerCallContext context)
    {
        var told = await city.Answer<ExportTelemetryResponse>(request);
        foreach (var part in told.Part is { } only ? [only] : Parts("smartcity-export", "2026-11-23.line"))
        {
            await responseStream.WriteAsync(new ExportTelemetryResponse { Part = part });
        }
    }

    public override async Task BackUp(
        BackUpRequest request, IServerStreamWriter<BackUpResponse> responseStream, ServerCallContext context)
    {
        await city.Answer<BackUpResponse>(request);
        foreach (var part in Parts("smartcity-backup", "journal.db"))
        {
            await responseStream.WriteAsync(new BackUpResponse { Part = part });
        }
    }

    public override async Task ImportTelemetry(
        IAsyncStreamReader<ImportTelemetryRequest> requestStream, IServerStreamWriter<ImportTelemetryResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var part in requestStream.ReadAllAsync())
        {
            if (part.End)
            {
                var answer = await city.Answer<ImportTelemetryResponse>(part);
                answer.Name = part.Name;
                await responseStream.WriteAsync(answer);
            }
        }
    }

    private static FilePart[] Parts(string kind, string name)
    {
        var manifest = $$"""
            {"kind":"{{kind}}","files":[{"name":"{{name}}","bytes":{{Content.Length}},"sha256":"{{HashOf(Content)}}"}],
            "notes":["The rest is elsewhere."]}
            """;
        return [.. Whole(name, Content), .. Whole("manifest.json", manifest)];
    }

    private static FilePart[] Whole(string name, string text) =>
    [
        new FilePart { Name = name, Content = ByteString.CopyFromUtf8(text) },
        new FilePart { Name = name, End = new FileEnd { Bytes = text.Length, Sha256 = HashOf(text) } },
    ];

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
