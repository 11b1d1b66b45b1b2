namespace SmartCity.Server.Settings;

internal static class SettingsSetup
{
    public static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ServerOptions.From(configuration));
        services.AddSingleton(TimeProvider.System);
        Add<MqttOptions>("Mqtt");
        Add<GrpcOptions>("Grpc");
        Add<WebOptions>("Web");
        Add<StoreOptions>("Store");
        Add<RegistryOptions>("Registry");
        Add<IngestOptions>("Ingest");
        Add<TelemetryOptions>("Telemetry");
        return services;

        void Add<T>(string section) where T : class =>
            services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
    }
}
