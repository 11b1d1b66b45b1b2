using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SmartCity.Server.Settings;

internal static class SettingsSetup
{
    public static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System); // A test may live at another time.
        return services.AddSections(configuration);
    }

    /// <summary>Says where everything is kept when nobody did. The demo's invented readings must never end up among real ones.</summary>
    public static void AddDataDirectory(this IConfiguration configuration) =>
        configuration["DataDirectory"] ??= SettingsCheck.IsTrue(configuration["Demo"]) ? "./data/demo" : "./data";

    private static IServiceCollection AddSections(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(ServerOptions.From(configuration))
        .AddSection<MqttOptions>(configuration, "Mqtt")
        .AddSection<GrpcOptions>(configuration, "Grpc")
        .AddSection<WebOptions>(configuration, "Web")
        .AddSection<StoreOptions>(configuration, "Store")
        .AddSection<RegistryOptions>(configuration, "Registry")
        .AddSection<IngestOptions>(configuration, "Ingest")
        .AddSection<TelemetryOptions>(configuration, "Telemetry");

    /// <summary>Reads options from a section; what is out of range ends the start.</summary>
    public static IServiceCollection AddSection<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class
    {
        services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
