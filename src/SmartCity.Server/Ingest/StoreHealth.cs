using Microsoft.Extensions.Diagnostics.HealthChecks;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Without its store the server still acknowledges readings, so it is worse, not dead.</summary>
internal sealed class StoreHealth(IngestProgress progress) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(progress.Problem is { Length: > 0 } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy("It takes what it is given."));
}

/// <summary>Without its journal the server acknowledges nothing; it still answers, and no restart mends a disk.</summary>
internal sealed class JournalHealth(JournalLog journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(journal.Problem is { } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy("It takes what it is given."));
}
