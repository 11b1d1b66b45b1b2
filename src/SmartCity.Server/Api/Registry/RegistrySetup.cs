using Microsoft.Extensions.Options;
using SmartCity.Server.Settings;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Registry;

/// <summary>The registry of assets.</summary>
internal static class RegistrySetup
{
    /// <summary>Adds the registry, kept in <c>registry.db</c> in the data directory unless <c>Registry:ConnectionString</c> says
    /// where.</summary>
    internal static IServiceCollection AddRegistry(this IServiceCollection services, IConfiguration configuration)
    {
        var file = Path.Combine(ServerOptions.From(configuration).DataDirectory, "registry.db");
        services.AddSingleton(provider =>
        {
            provider.GetService<JournalLog>(); // Its lock keeps a second process out of the directory.
            return RegistryStore.Open(
                provider.GetRequiredService<IOptions<RegistryOptions>>().Value.ConnectionString, file,
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService<SharedRegistry>();
        services.AddHealthChecks().AddCheck<RegistryHealth>("registry");
        return services;
    }
}
