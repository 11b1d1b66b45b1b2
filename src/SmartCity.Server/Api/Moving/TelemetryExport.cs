using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Moving;

/// <summary>Sends telemetry as files: those of a day of arrival, then those of the next, then the manifest.</summary>
internal sealed class TelemetryExport(
    ITelemetryStore store, JournalLog journal, RegistryStore registry, IngestProgress progress, GapFinder gaps, ServerOptions options,
    TimeProvider clock)
{
    private const int GapsListed = 1_000;
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(10);

    /// <summary>Sends it.</summary>
    public async Task RunAsync(ExportTelemetryRequest request, Func<FilePart, Task> send, CancellationToken cancellation)
    {
        var selection = ExportSelection.Of(request, registry.Current);
        var index = (TelemetryIndex)store;
        var knownAt = Instant.From(clock.GetUtcNow());
        var head = journal.Head;
        await CatchUpAsync(head, cancellation);
        var position = progress.Store.Position;
        using var spool = Spool.In(options.DataDirectory);
        var asLines = request.Format == ExportFormat.Line;
        using var day = new ExportedDay(spool, asLines);
        var files = new List<ExportedFile>();
        var (date, empty) = (default(DateOnly), 0L);
        foreach (var (from, until) in await index.ReadReceivedSpansAsync(selection.From, selection.Until, knownAt, cancellation))
        {
            var next = DateOnly.FromDateTime(from.ToDateTimeOffset().UtcDateTime);
            if (next != date)
            {
                files.AddRange(await day.SendAsync(date, send, cancellation));
                date = next;
            }
            var received = await index.ReadReceivedAsync(from, until, cancellation);
            empty += received.Empty;
            day.Add(received.Messages.Where(selection.Has));
        }
        files.AddRange(await day.SendAsync(date, send, cancellation));
        var missing = await gaps.FindAllAsync(cancellation);
        await Manifest.SendAsync(
            new
            {
                Kind = "smartcity-export",
                Version = 1,
                Format = asLines ? "line" : "parquet",
                Store = store.Kind,
                From = request.From is null ? null : selection.From.ToString(),
                Until = request.Until is null ? null : selection.Until.ToString(),
                KnownAt = knownAt.ToString(),
                Position = position,
                Behind = Math.Max(0, head - position), // As it was when the reading began: what came after that may not be here.
                selection.Measurements,
                Devices = selection.Devices?.Select(d => d.Id).Order(StringComparer.Ordinal).ToList(),
                Counts = files.SelectMany(f => f.Counts).GroupBy(c => c.Key).OrderBy(g => g.Key).ToDictionary(
                    g => g.Key, g => new { Messages = g.Sum(c => c.Value.Messages), Records = g.Sum(c => c.Value.Records) }),
                MessagesWithoutRecords = empty,
                MissingMessages = missing.Aggregate(0L, (sum, gap) => (long)Int128.Min((Int128)sum + gap.Count, long.MaxValue)),
                Missing = missing.Take(GapsListed).Select(gap => new
                {
                    gap.Device, gap.Boot, gap.Count,
                    FirstReceived = gap.FirstReceived.ToString(), LastReceived = gap.LastReceived.ToString(),
                }),
                Files = files.Select(f => new { f.File.Name, f.File.Bytes, f.File.Sha256 }),
            },
            send, cancellation);
    }

    // What was acknowledged before the export began is in it, unless the store is away.
    private async Task CatchUpAsync(long head, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(CatchUpMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await progress.WaitUntilAsync(head, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The manifest tells how far it is behind.
        }
    }
}
