using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Moving;

namespace SmartCity.Server.Api.Moving;

/// <summary>A file of an export.</summary>
/// <param name="Counts">Messages and records by measurement.</param>
internal sealed record ExportedFile(SentFile File, IReadOnlyDictionary<string, (long Messages, long Records)> Counts);

/// <summary>Gathers the files of one day, one day after the other.</summary>
internal sealed class ExportedDay(Spool spool, bool asLines) : IDisposable
{
    private readonly ParquetFiles? parquet = asLines ? null : new ParquetFiles(spool.Path);
    private readonly MessageLines lines = new();
    private readonly Dictionary<string, (long Messages, long Records)> counts = new(StringComparer.Ordinal);
    private FileStream? file;
    private long position;

    /// <summary>Adds messages of the day.</summary>
    public void Add(IEnumerable<TelemetryMessage> messages)
    {
        if (parquet is not null)
        {
            parquet.Add(messages);
            return;
        }
        foreach (var message in messages)
        {
            file ??= File.Create(spool.File("day.line"));
            file.Write(lines.Of(message with { Position = position++ }).Span);
            var name = ExportSelection.MeasurementOf(message);
            var before = counts.GetValueOrDefault(name);
            counts[name] = (before.Messages + 1, before.Records + message.Count);
        }
    }

    /// <summary>Sends the day's files; none when it has no messages.</summary>
    public async Task<IReadOnlyList<ExportedFile>> SendAsync(
        DateOnly date, Func<FilePart, Task> send, CancellationToken cancellation)
    {
        var day = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var sent = new List<ExportedFile>();
        foreach (var (name, path, messages, records) in parquet?.Finish() ?? [])
        {
            sent.Add(new ExportedFile(
                await SentFile.MoveAsync(path, $"{name}-{day}.parquet", send, cancellation),
                new Dictionary<string, (long, long)> { [name] = (messages, records) }));
        }
        if (file is not null)
        {
            await file.DisposeAsync();
            sent.Add(new ExportedFile(
                await SentFile.MoveAsync(file.Name, $"{day}.line", send, cancellation), new Dictionary<string, (long, long)>(counts)));
            file = null;
            counts.Clear();
        }
        return sent;
    }

    public void Dispose()
    {
        file?.Dispose();
        lines.Dispose();
        parquet?.Dispose();
    }
}
