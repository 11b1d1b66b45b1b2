using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SmartCity.Server.Mqtt;

internal static class MqttSetup
{
    public static IServiceCollection AddMqtt(this IServiceCollection services)
    {
        // A device's message is small and so is what is done with it: handing it from thread to thread costs more. The broker
        // never blocks, and requests over HTTP/2 are handed on by Kestrel itself.
        services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false; // 4 KiB a connection, for half the reads.
        });
        services.AddSingleton<FrameGuard>();
        services.AddSingleton<EmbeddedBroker>();
        // One for each that asks: a Random is for one thread.
        services.TryAddTransient(_ => new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        services.AddSingleton<BrokerSubscriptions>();
        services.AddSingleton<ExternalBroker>();
        services.AddHealthChecks().AddCheck<BrokerHealth>("broker");
        // Each look of a watcher would log again what was logged when it began.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        services.AddSingleton<DeviceErrors>();
        services.AddHostedService(p => p.GetRequiredService<EmbeddedBroker>());
        services.AddHostedService(p => p.GetRequiredService<ExternalBroker>());
        services.AddHostedService(p => p.GetRequiredService<DeviceErrors>());
        services.AddHostedService<StatePublisher>();
        return services;
    }
}
