using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Api.Moving;

internal static class MovingSetup
{
    /// <summary>Adds export, import and backup.</summary>
    public static IServiceCollection AddMoving(this IServiceCollection services)
    {
        services.AddSingleton<MovingTurns>();
        services.AddSingleton<TelemetryExport>();
        services.AddSingleton<TelemetryImport>();
        services.AddSingleton<BackUp>();
        return services;
    }

    /// <summary>Maps the service.</summary>
    public static WebApplication MapMoving(this WebApplication app)
    {
        app.MapGrpcService<MovingService>();
        // Only now is this the one process in the directory.
        app.Lifetime.ApplicationStarted.Register(() => Spool.Clear(
            app.Services.GetRequiredService<ServerOptions>().DataDirectory,
            app.Services.GetRequiredService<IngestProgress>().Started.ToDateTimeOffset().UtcDateTime));
        return app;
    }
}
