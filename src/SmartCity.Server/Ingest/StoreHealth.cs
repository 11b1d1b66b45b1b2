using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SmartCity.Server.Ingest;

/// <summary>Without its store the server still acknowledges readings, so it is worse, not dead.</summary>
internal sealed class StoreHealth(IngestProgress progress) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(progress.Problem is { Length: > 0 } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy("It takes what it is given."));
}
