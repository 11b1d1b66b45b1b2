using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Moving;

/// <summary>Copies everything in the data directory as of one moment, the mark, and sends the copies. The store is copied first: what came
/// since is in the journal, which is not cut meanwhile. Dead letters come before the journal, so that no letter stands for a
/// position that the journal's copy gives to another message.</summary>
internal sealed class BackUp(
    ITelemetryStore store, JournalLog journal, DeadLetterStore letters, RegistryStore registry, CheckpointPause pause,
    ServerOptions options, TimeProvider clock)
{
    private const string RegistryFile = "registry.db";
    private const string SubscriptionsFile = "broker-subscriptions.txt";

    /// <summary>Sends it.</summary>
    public async Task RunAsync(Func<FilePart, Task> send, CancellationToken cancellation)
    {
        using var spool = Spool.In(options.DataDirectory);
        var isInflux = store is InfluxTelemetryStore;
        var storeFile = isInflux ? InfluxTelemetryStore.IndexName : DuckDbTelemetryStore.FileName;
        List<string> names = [storeFile, DeadLetterStore.FileName, JournalLog.FileName];
        long stored, mark;
        bool hasRegistry;
        using (await pause.BeginAsync(cancellation))
        {
            stored = await ((TelemetryIndex)store).CopyAsync(spool.File(storeFile), cancellation);
            await letters.CopyAsync(spool.File(DeadLetterStore.FileName));
            mark = await journal.CopyAsync(spool.File(JournalLog.FileName));
            hasRegistry = await registry.CopyAsync(spool.File(RegistryFile));
        }
        var subscriptions = Path.Combine(options.DataDirectory, SubscriptionsFile);
        if (File.Exists(subscriptions))
        {
            File.Copy(subscriptions, spool.File(SubscriptionsFile));
            names.Add(SubscriptionsFile);
        }
        if (hasRegistry)
        {
            names.Add(RegistryFile);
        }
        var files = new List<SentFile>();
        foreach (var name in names)
        {
            files.Add(await SentFile.MoveAsync(spool.File(name), name, send, cancellation));
        }
        await Manifest.SendAsync(
            new
            {
                Kind = "smartcity-backup",
                Version = 1,
                Made = Instant.From(clock.GetUtcNow()).ToString(),
                Store = store.Kind,
                Position = mark,
                StoredPosition = stored,
                Files = files,
                Notes = Notes(isInflux, hasRegistry),
            },
            send, cancellation);
    }

    private static List<string> Notes(bool isInflux, bool hasRegistry)
    {
        var notes = new List<string>();
        if (isInflux)
        {
            notes.Add("The records are in InfluxDB: copy both of its databases with its own tools, after this backup.");
        }
        if (!hasRegistry)
        {
            notes.Add("The registry is in PostgreSQL: copy it with pg_dump, after this backup.");
        }
        return notes;
    }
}
