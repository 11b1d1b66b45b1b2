using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Faults;

/// <summary>Registers what people do about faults.</summary>
internal static class RepairSetup
{
    internal static IServiceCollection AddRepairs(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<RegistryStore>().Repairs)
        .AddSingleton<FaultReader>()
        .AddSingleton<FaultFinder>()
        .AddSingleton<FaultSteps>()
        .AddSingleton<LiveFaults>()
        .AddSingleton<IncidentReader>()
        .AddSingleton<IncidentAnswers>()
        .AddSingleton<MaintenanceAnswers>();
}
