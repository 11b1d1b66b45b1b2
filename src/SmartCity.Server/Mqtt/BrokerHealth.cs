using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SmartCity.Server.Mqtt;

/// <summary>Tells whoever watches the process what keeps messages of the external broker from coming. Never worse than degraded:
/// a restart of this process mends no broker.</summary>
internal sealed class BrokerHealth(ExternalBroker broker) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(broker.Address is null || broker.Problem.Length == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"{broker.Address.Display}: {broker.Problem}"));
}
