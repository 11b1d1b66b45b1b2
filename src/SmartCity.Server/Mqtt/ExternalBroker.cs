using System.Threading.Channels;
using Microsoft.Extensions.Options;
using MQTTnet;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>Keeps a connection to the external broker, if there is one to keep.</summary>
internal sealed partial class ExternalBroker(
    Intake intake, BrokerSubscriptions subscriptions, ProblemLog problems, IOptions<MqttOptions> options, TimeProvider clock,
    Random random, ILogger<ExternalBroker> logger) : BackgroundService
{
    // A connection that stood for this long was a good one: the next try comes soon.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    private readonly Takeovers takeovers = new(options.Value.ClientId, clock);
    private readonly Channel<BrokerLink> links = Channel.CreateBounded<BrokerLink>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private volatile BrokerLink? link;
    private volatile string away = "not connected yet";

    /// <summary>The broker; null when none is configured.</summary>
    public BrokerAddress? Address { get; } = BrokerAddress.TryParse(options.Value.Broker, out var address, out _) ? address : null;

    /// <summary>Whether messages can come.</summary>
    public bool Connected => link is not null;

    /// <summary>What keeps messages from coming, or all of them, and what to do; empty when they come.</summary>
    public string Problem => Connected ? takeovers.InWords ?? "" : away;

    /// <summary>Each connection as it is made, the latest for a slow reader; one that ended says so.</summary>
    public ChannelReader<BrokerLink> Links => links.Reader;

    /// <summary>Publishes something of ours; does nothing without a connection.</summary>
    public Task PublishAsync(string topic, byte[] payload, bool retain, CancellationToken cancellation) =>
        link?.PublishAsync(topic, payload, retain, cancellation) ?? Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; Address is not null && !stoppingToken.IsCancellationRequested; failures++)
        {
            if (failures > 0)
            {
                await Task.Delay(Backoff.After(failures, random), clock, stoppingToken);
            }
            var began = clock.GetTimestamp();
            try
            {
                await ConnectAndRunAsync(Address, stoppingToken);
            }
            catch (Exception e) when (BrokerProblems.IsOfTheWorld(e) && !stoppingToken.IsCancellationRequested)
            {
                takeovers.Unreachable();
                Away(BrokerProblems.InWords(e));
            }
            failures = clock.GetElapsedTime(began) > Steady ? 0 : failures;
        }
    }

    private async Task ConnectAndRunAsync(BrokerAddress address, CancellationToken stopping)
    {
        await using var own = new BrokerLink(intake, subscriptions, problems, clock);
        await own.ConnectAsync(address, options.Value, stopping);
        (away, link) = ("the connection ended", own);
        links.Writer.TryWrite(own);
        Log.Connected(logger, address.Display);
        try
        {
            var end = await own.RunAsync(stopping);
            if (BrokerProblems.MayBeTakeover(end))
            {
                takeovers.Closed(end.Reason == MqttClientDisconnectReason.SessionTakenOver);
            }
            Away(takeovers.InWords ?? BrokerProblems.InWords(end));
        }
        catch (Exception e) when (BrokerProblems.IsCutOff(e) && !stopping.IsCancellationRequested) // While something was sent.
        {
            takeovers.Closed(isTold: false);
            Away(takeovers.InWords ?? BrokerProblems.InWords(e));
        }
        finally
        {
            link = null;
        }
    }

    private void Away(string problem)
    {
        if (away != problem)
        {
            Log.Away(logger, Address!.Display, problem);
        }
        away = problem;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Broker {Address}: connected")]
        public static partial void Connected(ILogger logger, string address);

        [LoggerMessage(LogLevel.Warning, "Broker {Address}: {Problem}; trying again")]
        public static partial void Away(ILogger logger, string address, string problem);
    }
}
