using SmartCity.Server.Ingest;
using SmartCity.Server.Live;

namespace SmartCity.Server.Mqtt;

/// <summary>Publishes the normalized state of devices, retained, for third parties on either broker.</summary>
internal sealed class StatePublisher(StateTopics states, EmbeddedBroker embedded, ExternalBroker external, ProblemLog problems)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (topic, payload) in states.ReadAllAsync(stoppingToken))
        {
            try
            {
                await embedded.PublishAsync(topic, payload, retain: true, stoppingToken);
                await external.PublishAsync(topic, payload, retain: true, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) // MQTTnet cancels what a lost connection cut off.
            {
                problems.Report("states not published", e.Message);
            }
        }
    }
}
