using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Registry;

/// <summary>Learns what other servers recorded in a registry that they share, and tells people while its database is away. Answers
/// are then given from what is known; before anything is known, readings wait in the journal.</summary>
internal sealed partial class SharedRegistry(RegistryStore registry, TimeProvider clock, ILogger<SharedRegistry> logger)
    : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The same problem is told again so often.
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private string told = "";
    private long toldAt;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Where the database is there, nobody is refused right after the start.
        await RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (registry.IsShared && await timer.WaitForNextTickAsync(stopping))
        {
            await RefreshAsync(stopping);
        }
    }

    private async Task RefreshAsync(CancellationToken stopping)
    {
        try
        {
            await registry.RefreshAsync(stopping);
            if (told.Length > 0)
            {
                told = "";
                Log.Back(logger);
            }
        }
        catch (StoreUnavailableException e)
        {
            Tell(e.Message);
        }
    }

    private void Tell(string problem)
    {
        if (problem == told && clock.GetElapsedTime(toldAt) < Again)
        {
            return;
        }
        (told, toldAt) = (problem, clock.GetTimestamp());
        if (registry.Opened.IsCompleted)
        {
            Log.Away(logger, problem);
        }
        else
        {
            Log.NotReached(logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "The registry's database is away; what was known of it is used, and nothing can be recorded in it: {Problem}")]
        public static partial void Away(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning,
            "The registry's database was not reached yet; readings are taken and wait in the journal, questions are refused: "
            + "{Problem}")]
        public static partial void NotReached(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Information, "The registry's database answers again")]
        public static partial void Back(ILogger logger);
    }
}
