using Microsoft.Extensions.Options;
using SmartCity.Server.Ingest;
using SmartCity.Server.Live;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>Publishes the normalized state of devices, retained, for third parties on either broker.</summary>
internal sealed class StatePublisher(
    StateTopics states, EmbeddedBroker embedded, ExternalBroker external, IOptions<MqttOptions> options, ProblemLog problems)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ToEmbeddedAsync(stoppingToken), ToExternalAsync(stoppingToken));

    private async Task ToEmbeddedAsync(CancellationToken stopping)
    {
        await foreach (var (topic, payload) in states.ReadAllAsync(stopping))
        {
            try
            {
                await embedded.PublishAsync(topic, payload, retain: true, stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                problems.Report("states not published", e.Message);
            }
        }
    }

    // A broker that was away may have forgotten what it retained: each connection begins with every state.
    private async Task ToExternalAsync(CancellationToken stopping)
    {
        await foreach (var link in external.Links.ReadAllAsync(stopping))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, link.Ended);
            try
            {
                await foreach (var (topic, payload) in states.ReadAllAsync(either.Token))
                {
                    if (BrokerFilters.IsOurs(options.Value, topic))
                    {
                        await link.PublishAsync(topic, payload, retain: true, either.Token);
                    }
                }
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                if (!link.Ended.IsCancellationRequested)
                {
                    problems.Report("states not published until the next connection", e.Message);
                }
            }
        }
    }
}
