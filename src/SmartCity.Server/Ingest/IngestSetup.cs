using Microsoft.Extensions.Options;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Settings;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

internal static class IngestSetup
{
    /// <summary>Adds the way from the journal to store and live state. Add before the brokers: services start in this order
    /// and stop in the other.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services.AddSingleton<ProblemLog>();
        services.AddSingleton<Intake>();
        services.AddSingleton<Decoder>();
        // What is cut off the journal is durable in the store.
        services.AddSingleton(p => new IngestProgress(p.GetRequiredService<TimeProvider>(), p.GetRequiredService<JournalLog>().Tail));
        services.AddSingleton<IngestRate>();
        services.AddSingleton<StoreOpening>();
        services.AddSingleton<DeadLetterReplay>();
        services.AddSingleton<GapFinder>();
        services.AddSingleton<ImportTally>();
        services.AddSingleton<CheckpointPause>();
        services.AddSingleton(p => new DecodedBuffer(
            p.GetRequiredService<IOptions<IngestOptions>>().Value.BufferMessages, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Func<long>>(p => () =>
            p.GetRequiredService<JournalLog>().Head - p.GetRequiredService<IngestProgress>().Store.Position);
        services.AddSingleton<OldestBehind>(p => cancellation =>
            ReadOldestBehindAsync(p.GetRequiredService<JournalLog>(), p.GetRequiredService<IngestProgress>(), cancellation));
        services.AddHealthChecks().AddCheck<JournalHealth>("journal").AddCheck<StoreHealth>("store");
        services.AddHostedService(p => p.GetRequiredService<ProblemLog>());
        services.AddHostedService<StoreWriter>();
        services.AddHostedService<HotPath>();
        services.AddHostedService(p => p.GetRequiredService<DeadLetterReplay>());
        services.AddHostedService(p => p.GetRequiredService<IngestRate>());
        return services;
    }

    private static async ValueTask<Instant?> ReadOldestBehindAsync(
        JournalLog journal, IngestProgress progress, CancellationToken cancellation)
    {
        var stored = progress.Store.Position;
        if (journal.Head > stored)
        {
            await foreach (var oldest in journal.ReadAsync(stored, cancellation))
            {
                return oldest.Entry.Received;
            }
        }
        return null;
    }
}

/// <summary>When the oldest message was received that is acknowledged and not yet in the store; null when all are.</summary>
internal delegate ValueTask<Instant?> OldestBehind(CancellationToken cancellation);
