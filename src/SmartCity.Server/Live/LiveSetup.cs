using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
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
            Present(provider.GetRequiredService<RegistryStore>()),
            provider.GetRequiredService<SanitationOptions>().ToRules(), provider.GetRequiredService<ChargingRules>().MaxSession,
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<StateTopics>()
        .AddSingleton<LivePorts>()
        .AddSingleton<LiveTrucks>()
        .AddHostedService<LiveLoop>();

    // Rebuilt once the registry was reached; until then nobody reads it.
    private static Func<RegistrySnapshot> Present(RegistryStore registry) =>
        () => registry.Opened.IsCompleted ? registry.Current : RegistrySnapshot.Empty;
}
