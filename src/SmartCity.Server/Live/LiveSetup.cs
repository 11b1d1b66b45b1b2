using SmartCity.Domain.Charging;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Live;

/// <summary>The live state and what reads it.</summary>
internal static class LiveSetup
{
    /// <summary>Adds the live state. Whoever feeds it rebuilds it first.</summary>
    internal static IServiceCollection AddLive(this IServiceCollection services) => services
        .AddSingleton(provider => new LiveCity(
            () => provider.GetRequiredService<RegistryStore>().Current,
            provider.GetRequiredService<SanitationOptions>().ToRules(), provider.GetRequiredService<ChargingRules>().MaxSession,
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<StateTopics>()
        .AddSingleton<LivePorts>()
        .AddSingleton<LiveTrucks>()
        .AddHostedService<LiveLoop>();
}
