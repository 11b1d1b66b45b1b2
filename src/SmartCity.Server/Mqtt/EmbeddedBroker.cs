using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MQTTnet;
using MQTTnet.AspNetCore;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;
using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Ingest;

namespace SmartCity.Server.Mqtt;

/// <summary>The broker inside this process. It only takes telemetry and hands out error notes: a publish is acknowledged once
/// the journal has it on disk, and goes to no subscriber. Sessions end with their connection.</summary>
internal sealed class EmbeddedBroker : IHostedService, IAsyncDisposable
{
    private const int PendingPerClientMax = 100;

    private readonly Intake intake;
    private readonly FrameGuard guard;
    private readonly ProblemLog problems;
    private readonly MqttConnectionHandler connections = new();
    private readonly MqttServer server;
    private volatile bool stopping;

    public EmbeddedBroker(Intake intake, FrameGuard guard, ProblemLog problems)
    {
        (this.intake, this.guard, this.problems) = (intake, guard, problems);
        var options = new MqttServerOptions
        {
            EnablePersistentSessions = false,
            MaxPendingMessagesPerClient = PendingPerClientMax,
            PendingMessagesOverflowStrategy = MqttPendingMessagesOverflowStrategy.DropNewMessage,
        };
        // The guard watches keep-alive by a monotonic clock. MQTTnet's own watch uses the wall clock: one step of it forward
        // would disconnect every device.
        options.KeepAliveOptions.MonitorInterval = TimeSpan.FromMilliseconds(int.MaxValue);
        server = new MqttServer(options, [new NamedClients(connections)], MqttNetNullLogger.Instance);
        server.ValidatingConnectionAsync += OnConnectAsync;
        server.InterceptingPublishAsync += OnPublishAsync;
        server.InterceptingSubscriptionAsync += OnSubscribeAsync;
    }

    /// <summary>Devices connected.</summary>
    public int Clients => guard.Connections;

    /// <summary>Whether the broker takes connections.</summary>
    public bool Listening => server.IsStarted && !stopping;

    /// <summary>Puts the broker behind a listener.</summary>
    public void Attach(ListenOptions listener) => listener.Run(connection => guard.RunAsync(connection, connections.OnConnectedAsync));

    public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        await server.StopAsync(new MqttServerStopOptions());
    }

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends something of ours to whoever subscribed to the topic.</summary>
    public Task PublishAsync(string topic, byte[] payload, bool retain, CancellationToken cancellation) => !Listening
        ? Task.CompletedTask
        : server.InjectApplicationMessage(
            new InjectedMqttApplicationMessage(
                new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(retain).Build()),
            cancellation);

    private static Task OnConnectAsync(ValidatingConnectionEventArgs connect)
    {
        if (string.IsNullOrEmpty(connect.ClientId))
        {
            connect.AssignedClientIdentifier = NamedClients.NewName(); // MQTT 5: told to the client in CONNACK.
        }
        return Task.CompletedTask;
    }

    private async Task OnPublishAsync(InterceptingPublishEventArgs publish)
    {
        if (ReferenceEquals(publish.SessionItems, server.ServerSessionItems))
        {
            return; // Our own.
        }
        // Otherwise PUBACK would say "no matching subscribers", and each publish would look through all subscriptions.
        publish.ProcessPublish = false;
        // When we stop, the broker publishes the Will of every device it cuts off. They are not gone; we are.
        var will = !publish.CancellationToken.CanBeCanceled;
        if ((will && stopping) || publish.Response.ReasonCode != MqttPubAckReasonCode.Success)
        {
            return;
        }
        var message = publish.ApplicationMessage;
        // An exception leaves the message unacknowledged and closes the connection: the device will send it again.
        await intake.AppendAsync(message.Topic, message.Payload, message.ContentType, publish.ClientId, CancellationToken.None);
    }

    private Task OnSubscribeAsync(InterceptingSubscriptionEventArgs subscribe)
    {
        if (!subscribe.TopicFilter.Topic.StartsWith(Topics.Root, StringComparison.Ordinal))
        {
            subscribe.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
            subscribe.ProcessSubscription = false;
            problems.Report("subscriptions refused", $"{subscribe.ClientId} asked for {subscribe.TopicFilter.Topic}");
        }
        return Task.CompletedTask;
    }
}
