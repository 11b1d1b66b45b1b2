using System.Runtime.ExceptionServices;
using MQTTnet;
using MQTTnet.Protocol;
using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>One connection to the external broker, with a client of its own: an acknowledgement that comes too late for its
/// connection can never be sent on the next one, where the same packet id is another message.</summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    // Only messages of QoS 0 can be more than Receive Maximum.
    private const int WaitingMax = 20_000;

    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient(new BufferedChannel.Factory());
    private readonly TaskCompletionSource<MqttClientDisconnectedEventArgs> ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource closing = new();
    private readonly AckQueue acks;
    private readonly Intake intake;
    private readonly BrokerSubscriptions subscriptions;
    private readonly ProblemLog problems;
    private readonly TimeProvider clock;
    private BrokerTls? tls;

    public BrokerLink(Intake intake, BrokerSubscriptions subscriptions, ProblemLog problems, TimeProvider clock)
    {
        (this.intake, this.subscriptions, this.problems, this.clock) = (intake, subscriptions, problems, clock);
        acks = new AckQueue(clock);
        Ended = closing.Token;
        client.ApplicationMessageReceivedAsync += OnMessageAsync;
        client.DisconnectedAsync += e =>
        {
            ended.TrySetResult(e);
            return Task.CompletedTask;
        };
    }

    /// <summary>Cancelled when the connection has ended, or is about to.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Messages that wait for their acknowledgement.</summary>
    public int Waiting => acks.Count;

    /// <summary>Connects, takes up the session and subscribes.</summary>
    /// <exception cref="BrokerRefusedException">The broker answered, and did not say yes.</exception>
    public async Task ConnectAsync(BrokerAddress address, MqttOptions options, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(BrokerSession.AnswerMax);
        tls = address.Tls ? BrokerTls.Open(address, options, clock) : null;
        try
        {
            var connected = await client.ConnectAsync(BrokerSession.Connect(address, options, tls), patience.Token);
            if (connected.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new BrokerRefusedException(BrokerProblems.InWords(connected.ResultCode));
            }
        }
        catch (Exception e) when (e is not BrokerRefusedException && Unanswered(address, e) is not null)
        {
            throw new BrokerRefusedException(Unanswered(address, e)!);
        }
        await SubscribeAsync($"{address.Display} {options.ClientId}", BrokerFilters.Of(options), patience.Token);
    }

    /// <summary>Acknowledges what comes in until the connection ends; then says how.</summary>
    public async Task<MqttClientDisconnectedEventArgs> RunAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, closing.Token);
        var (acknowledging, pinging) = (acks.RunAsync(either.Token), PingAsync(either.Token));
        await Task.WhenAny(acknowledging, pinging, ended.Task);
        await closing.CancelAsync();
        await Task.WhenAll(acknowledging, pinging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if ((acknowledging.Exception ?? pinging.Exception) is { } failed)
        {
            // Not durable, or not acknowledged: the broker will send it again. A plain throw would make it an exception of ours.
            ExceptionDispatchInfo.Throw(failed.InnerException!);
        }
        return await ended.Task.WaitAsync(cancellation);
    }

    /// <summary>Publishes something of ours; does nothing without a connection.</summary>
    public Task PublishAsync(string topic, byte[] payload, bool retain, CancellationToken cancellation) => !client.IsConnected
        ? Task.CompletedTask
        : client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(retain).Build(), cancellation);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        if (client.IsConnected)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await client.DisconnectAsync(new MqttClientDisconnectOptions(), patience.Token);
            }
            catch (Exception e) when (BrokerProblems.IsOfTheWorld(e))
            {
                problems.Report("connections to the broker not closed in order", e.Message);
            }
        }
        client.Dispose();
        tls?.Dispose();
        closing.Dispose();
    }

    // MQTTnet asks for signs of life, too, but by the date: set back, it would ask no more, and a dead connection would stay for ever.
    private async Task PingAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(BrokerSession.PingEvery, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            using var patience = new CancellationTokenSource(BrokerSession.AnswerMax, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
            try
            {
                await client.PingAsync(either.Token);
            }
            catch (Exception e) when (BrokerProblems.IsOfTheWorld(e))
            {
                // Otherwise the connection is ending, and says so itself.
                if (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
                {
                    throw new TimeoutException("The broker does not answer.", e);
                }
            }
        }
    }

    // The broker did not come to say yes or no.
    private string? Unanswered(BrokerAddress address, Exception failure) => tls is not null ? tls.InWords(failure)
        : BrokerProblems.IsCutOff(failure)
            ? $"the broker closed the connection before it answered: if {address.Port} is its port for TLS, write mqtts:// in "
                + "Mqtt:Broker"
            : null;

    // What is wanted comes before what is not goes: between the two nothing may be missed.
    private async Task SubscribeAsync(string session, IReadOnlyList<string> wanted, CancellationToken cancellation)
    {
        var stale = subscriptions.Stale(session, wanted);
        subscriptions.Keep(session, [.. wanted, .. stale]);
        var subscribe = new MqttClientSubscribeOptions { TopicFilters = [.. wanted.Select(BrokerSession.Filter)] };
        var subscribed = await client.SubscribeAsync(subscribe, cancellation);
        if (subscribed.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
        {
            throw new BrokerRefusedException(
                $"the broker refuses the subscription to {refused.TopicFilter.Topic} ({refused.ResultCode}): allow it there for this "
                    + "user");
        }
        if (stale.Count > 0)
        {
            await client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [.. stale] }, cancellation);
        }
        subscriptions.Keep(session, wanted);
    }

    private Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        received.AutoAcknowledge = false;
        var message = received.ApplicationMessage;
        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce && acks.Count > WaitingMax)
        {
            problems.Report("messages of QoS 0 dropped because the journal is behind", message.Topic);
            return Task.CompletedTask;
        }
        // What the server side publishes is nothing to store, but it holds a place in the window like any message.
        var durable = Topics.IsDown(message.Topic)
            ? Task.CompletedTask
            : intake.AppendAsync(message.Topic, message.Payload, message.ContentType, "", closing.Token).AsTask();
        acks.Enter(durable, received.AcknowledgeAsync);
        return Task.CompletedTask;
    }
}
