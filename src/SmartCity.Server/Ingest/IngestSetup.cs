using Microsoft.Extensions.Options;
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
        services.AddSingleton<IngestProgress>();
        services.AddSingleton<IngestRate>();
        services.AddSingleton<StoreOpening>();
        services.AddSingleton<DeadLetterReplay>();
        services.AddSingleton(p => new DecodedBuffer(p.GetRequiredService<IOptions<IngestOptions>>().Value.BufferMessages));
        services.AddSingleton<Func<long>>(p => () =>
            p.GetRequiredService<JournalLog>().Head - p.GetRequiredService<IngestProgress>().Store.Position);
        services.AddHostedService(p => p.GetRequiredService<ProblemLog>());
        services.AddHostedService<StoreWriter>();
        services.AddHostedService<HotPath>();
        services.AddHostedService(p => p.GetRequiredService<DeadLetterReplay>());
        services.AddHostedService(p => p.GetRequiredService<IngestRate>());
        return services;
    }
}
