using System.Security.Cryptography;

namespace SmartCity.Server.Mqtt;

internal static class MqttSetup
{
    public static IServiceCollection AddMqtt(this IServiceCollection services)
    {
        services.AddSingleton<FrameGuard>();
        services.AddSingleton<EmbeddedBroker>();
        // One for each that asks: a Random is for one thread.
        services.AddTransient(_ => new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        services.AddSingleton<ExternalBroker>();
        services.AddSingleton<DeviceErrors>();
        services.AddHostedService(p => p.GetRequiredService<EmbeddedBroker>());
        services.AddHostedService(p => p.GetRequiredService<ExternalBroker>());
        services.AddHostedService(p => p.GetRequiredService<DeviceErrors>());
        services.AddHostedService<StatePublisher>();
        return services;
    }
}
