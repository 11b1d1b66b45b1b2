using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmartCity.Server.Settings;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Stores;

/// <summary>Registers journal, store, ledger and dead letters: all in the one data directory.</summary>
internal static class StoresSetup
{
    /// <summary>Reads <c>DataDirectory</c> and the sections <c>Journal</c>, <c>Store</c> and <c>DeadLetters</c>.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var directory = Path.GetFullPath(ServerOptions.From(configuration).DataDirectory);
        services.AddSection<JournalOptions>(configuration, "Journal")
            .AddSection<DuckDbOptions>(configuration, "Store")
            .AddSection<InfluxOptions>(configuration, "Store:InfluxDb")
            .AddSection<RetentionOptions>(configuration, "Store:Retention")
            .AddSection<DeadLetterOptions>(configuration, "DeadLetters");
        // The journal comes first wherever something is opened: its lock keeps a second process out of the directory.
        services.AddSingleton(provider => JournalLog.Open(
            directory, provider.GetRequiredService<IOptions<JournalOptions>>().Value,
                provider.GetRequiredService<ILogger<JournalLog>>()));
        services.AddSingleton(provider =>
        {
            provider.GetRequiredService<JournalLog>();
            return DeadLetterStore.Open(directory, provider.GetRequiredService<IOptions<DeadLetterOptions>>().Value);
        });
        services.TryAddSingleton<ITelemetryStore>(provider =>
        {
            provider.GetRequiredService<JournalLog>();
            var duckDb = provider.GetRequiredService<IOptions<DuckDbOptions>>().Value;
            return provider.GetRequiredService<IOptions<StoreOptions>>().Value.IsInflux
                ? new InfluxTelemetryStore(
                    Path.Combine(directory, InfluxTelemetryStore.IndexName), duckDb,
                    provider.GetRequiredService<IOptions<InfluxOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<InfluxTelemetryStore>>())
                : new DuckDbTelemetryStore(
                    Path.Combine(directory, DuckDbTelemetryStore.FileName), duckDb,
                    provider.GetRequiredService<ILogger<DuckDbTelemetryStore>>());
        });
        services.AddSingleton(provider => provider.GetRequiredService<ITelemetryStore>().Digests);
        services.AddSingleton(provider => new MessageLedger(provider.GetRequiredService<ITelemetryStore>()));
        services.AddSingleton<RetentionKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionKeeper>());
        return services;
    }
}
