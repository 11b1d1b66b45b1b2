using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Server.Settings;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Moving;

/// <summary>Telemetry out and in, and backups: one of each at a time.</summary>
internal sealed class MovingService(
    TelemetryExport export, TelemetryImport import, BackUp backUp, MovingTurns turns, ServerOptions options)
    : Protocol.V1.MovingService.MovingServiceBase
{
    // A day of a large city, and a disk is not filled by mistake.
    private const long FileBytesMax = 16L << 30;

    public override async Task ExportTelemetry(
        ExportTelemetryRequest request, IServerStreamWriter<ExportTelemetryResponse> responseStream, ServerCallContext context)
    {
        using var turn = turns.Take("export");
        await OnDiskAsync(() => export.RunAsync(
            request, part => responseStream.WriteAsync(new ExportTelemetryResponse { Part = part }, context.CancellationToken),
            context.CancellationToken));
    }

    public override async Task BackUp(
        BackUpRequest request, IServerStreamWriter<BackUpResponse> responseStream, ServerCallContext context)
    {
        using var turn = turns.Take("backup");
        await OnDiskAsync(() => backUp.RunAsync(
            part => responseStream.WriteAsync(new BackUpResponse { Part = part }, context.CancellationToken), context.CancellationToken));
    }

    public override async Task ImportTelemetry(
        IAsyncStreamReader<ImportTelemetryRequest> requestStream, IServerStreamWriter<ImportTelemetryResponse> responseStream,
        ServerCallContext context)
    {
        using var turn = turns.Take("import");
        await OnDiskAsync(async () =>
        {
            using var spool = Spool.In(options.DataDirectory);
            while (await ReceiveAsync(requestStream, spool.File("upload"), context.CancellationToken) is { } name)
            {
                var answer = await import.RunAsync(spool, spool.File("upload"), name, context.CancellationToken);
                await responseStream.WriteAsync(answer, context.CancellationToken);
            }
        });
    }

    private static async Task OnDiskAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalUnavailableException)
        {
            throw new StoreUnavailableException($"The disk of the data directory refuses: see to its room and rights. ({e.Message})", e);
        }
    }

    private static async Task<bool> NextAsync(IAsyncStreamReader<ImportTelemetryRequest> parts, CancellationToken cancellation)
    {
        try
        {
            return await parts.MoveNext(cancellation);
        }
        catch (IOException e)
        {
            throw new ClientGoneException(e);
        }
    }

    // The name of the next file; null when there is none.
    private static async Task<string?> ReceiveAsync(
        IAsyncStreamReader<ImportTelemetryRequest> parts, string path, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        string? name = null;
        while (await NextAsync(parts, cancellation))
        {
            var part = parts.Current;
            name ??= TelemetryImport.IsName(part.Name)
                ? part.Name
                : throw new InvalidQueryException("name", $"'{part.Name}' is no file of an export: those end in .line or .parquet.");
            if (part.Name != name)
            {
                throw new InvalidQueryException("name", $"'{part.Name}' begins before '{name}' has ended.");
            }
            if (file.Length + part.Content.Length > FileBytesMax)
            {
                throw new LimitReachedException($"'{name}' is larger than 16 GiB: export a shorter time.");
            }
            await file.WriteAsync(part.Content.Memory, cancellation);
            if (part.End)
            {
                return name;
            }
        }
        return name is null ? null : throw new InvalidQueryException("end", $"is missing: '{name}' was cut short on its way.");
    }
}
