using System.Text.RegularExpressions;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Ingest;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Moving;

/// <summary>Brings the messages of a file into the journal, like those of devices, and says what became of them.</summary>
internal sealed partial class TelemetryImport(
    JournalLog journal, RegistryStore registry, IngestProgress progress, ImportTally tally, TimeProvider clock)
{
    private const int MessagesAtOnce = 500;
    private const int ProblemsTold = 100;

    // Live readings share the journal: an import never fills it.
    private const int AheadMax = 10_000;

    /// <summary>Whether a file of that name can be an export's.</summary>
    public static bool IsName(string name) => FileName().IsMatch(name);

    /// <summary>Imports a file.</summary>
    public async Task<ImportTelemetryResponse> RunAsync(Spool spool, string path, string name, CancellationToken cancellation)
    {
        var answer = new ImportTelemetryResponse { Name = name };
        var import = "import " + Guid.NewGuid().ToString("N");
        tally.Begin(import);
        try
        {
            var (sent, last) = (0L, -1L);
            using var lines = new MessageLines();
            foreach (var chunk in Messages(spool, path, name, answer).Chunk(MessagesAtOnce))
            {
                var entries = Taken(chunk, import, lines, answer);
                var positions = await Task.WhenAll(entries.Select(entry => journal.AppendAsync(entry, cancellation).AsTask()));
                (sent, last) = (sent + positions.Length, positions.Append(last).Max());
                await progress.WaitUntilAsync(last - AheadMax, cancellation);
            }
            await progress.WaitUntilAsync(last + 1, cancellation);
            (answer.Duplicate, answer.Dead) = tally.Of(import);
            answer.Stored = sent - answer.Duplicate - answer.Dead;
        }
        finally
        {
            tally.End(import);
        }
        return answer;
    }

    private static IEnumerable<(long Line, TelemetryMessage Message)> Messages(
        Spool spool, string path, string name, ImportTelemetryResponse answer)
    {
        if (name.EndsWith(".line", StringComparison.Ordinal))
        {
            foreach (var (line, message, problem) in LineFile.Read(path))
            {
                if (problem is not null)
                {
                    Refuse(answer, line, problem);
                }
                else
                {
                    yield return (line, message!);
                }
            }
            yield break;
        }
        using var reader = new ParquetMessages(spool.Path);
        using var messages = reader.Read(path, name[..name.IndexOfAny(['-', '.'])]).GetEnumerator();
        while (Next(messages, answer))
        {
            yield return messages.Current;
        }
    }

    private static bool Next(IEnumerator<(long Row, TelemetryMessage Message)> messages, ImportTelemetryResponse answer)
    {
        try
        {
            return messages.MoveNext();
        }
        catch (FormatException e)
        {
            Refuse(answer, 0, $"it is no Parquet file of an export: {e.Message}");
            return false;
        }
    }

    private List<JournalEntry> Taken(
        (long Line, TelemetryMessage Message)[] chunk, string import, MessageLines lines, ImportTelemetryResponse answer)
    {
        var now = Instant.From(clock.GetUtcNow());
        var entries = new List<JournalEntry>(chunk.Length);
        foreach (var (line, message) in chunk)
        {
            answer.Messages++;
            if (ProblemOf(message, now) is { } problem)
            {
                Refuse(answer, line, problem);
                continue;
            }
            try
            {
                entries.Add(MovedEntries.Of(lines.Of(message).ToArray(), import, now));
            }
            catch (StoreRefusedException e)
            {
                Refuse(answer, line, e.Message);
            }
        }
        return entries;
    }

    private string? ProblemOf(TelemetryMessage message, Instant now)
    {
        var word = message.Kind.ToString().ToLowerInvariant();
        return !registry.Current.Knows(message.Kind, message.Device)
            ? $"no {word} {message.Device} is registered: `smartcity assets import` first, then import this file again"
            : message.Received > now + EventTime.AheadMax
                ? $"it says it was received at {message.Received}, which is still to come: set the clocks right"
                : null;
    }

    private static void Refuse(ImportTelemetryResponse answer, long line, string problem)
    {
        answer.Refused++;
        if (answer.Problems.Count < ProblemsTold)
        {
            answer.Problems.Add(new RefusedLine { Line = line, Problem = problem });
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}\.(line|parquet)$")]
    private static partial Regex FileName();
}
