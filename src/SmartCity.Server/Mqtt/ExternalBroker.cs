using Microsoft.Extensions.Options;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>Keeps a connection to the external broker, if there is one to keep.</summary>
internal sealed partial class ExternalBroker(
    Intake intake, ProblemLog problems, IOptions<MqttOptions> options, TimeProvider clock, Random random,
    ILogger<ExternalBroker> logger) : BackgroundService
{
    private volatile BrokerLink? link;

    /// <summary>The broker; null when none is configured.</summary>
    public BrokerAddress? Address { get; } = BrokerAddress.TryParse(options.Value.Broker, out var address, out _) ? address : null;

    /// <summary>Whether messages can come.</summary>
    public bool Connected { get; private set; }

    /// <summary>What keeps messages from coming, and what to do; empty when they come.</summary>
    public string Problem { get; private set; } = "not connected yet";

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
            try
            {
                await ConnectAndRunAsync(Address, () => failures = 0, stoppingToken);
            }
            catch (Exception e) when (BrokerProblems.IsOfTheWorld(e) && !stoppingToken.IsCancellationRequested)
            {
                Away(BrokerProblems.InWords(e));
            }
        }
    }

    private async Task ConnectAndRunAsync(BrokerAddress address, Action connected, CancellationToken stopping)
    {
        await using var own = new BrokerLink(intake, problems, clock);
        await own.ConnectAsync(address, options.Value, stopping);
        (link, Connected, Problem) = (own, true, "");
        connected();
        Log.Connected(logger, address.Display);
        try
        {
            Away(await own.RunAsync(stopping));
        }
        finally
        {
            (link, Connected) = (null, false);
        }
    }

    private void Away(string problem)
    {
        Connected = false;
        if (Problem != problem)
        {
            Log.Away(logger, Address!.Display, problem);
        }
        Problem = problem;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Broker {Address}: connected")]
        public static partial void Connected(ILogger logger, string address);

        [LoggerMessage(LogLevel.Warning, "Broker {Address}: {Problem}; trying again")]
        public static partial void Away(ILogger logger, string address, string problem);
    }
}
