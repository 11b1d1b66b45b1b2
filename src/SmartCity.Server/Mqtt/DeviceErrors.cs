using System.Text.Json;
using System.Threading.Channels;
using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Ingest;
using SmartCity.Storage.DeadLetters;

namespace SmartCity.Server.Mqtt;

/// <summary>Tells devices why something they sent was set aside, on their <c>errors</c> topic. A courtesy: when there is too
/// much to tell, the rest is not told; it is in the dead letters anyway.</summary>
internal sealed class DeviceErrors(EmbeddedBroker embedded, ExternalBroker external, ProblemLog problems) : BackgroundService
{
    private const int WaitingMax = 1_000;

    private readonly Channel<DeadLetterDraft> notes = Channel.CreateBounded<DeadLetterDraft>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Queues a note; never waits.</summary>
    public void Tell(DeadLetterDraft dead) => notes.Writer.TryWrite(dead);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var dead in notes.Reader.ReadAllAsync(stoppingToken))
        {
            if (!UplinkTopic.TryParse(dead.Topic, out var topic, out _))
            {
                continue; // Nobody to tell.
            }
            var payload = JsonSerializer.SerializeToUtf8Bytes(new
            {
                channel = Topics.Word(topic.Channel), record = dead.RecordIndex, reason = dead.Reason.ToString(), dead.Problem,
            }, JsonSerializerOptions.Web);
            var errors = Topics.Errors(topic.Area, topic.Kind, topic.DeviceId);
            try
            {
                await embedded.PublishAsync(errors, payload, retain: false, stoppingToken);
                await external.PublishAsync(errors, payload, retain: false, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) // MQTTnet cancels what a lost connection cut off.
            {
                problems.Report("error notes to devices not sent", e.Message);
            }
        }
    }
}
