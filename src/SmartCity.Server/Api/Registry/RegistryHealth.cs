using Microsoft.Extensions.Diagnostics.HealthChecks;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Registry;

/// <summary>Without the registry's database readings are still taken, so a server without it is worse, not dead.</summary>
internal sealed class RegistryHealth(RegistryStore registry) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(registry.Problem is { Length: > 0 } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy("It answers."));
}
