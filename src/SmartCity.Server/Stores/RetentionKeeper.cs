using Microsoft.Extensions.Options;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Settings;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Stores;

/// <summary>Deletes what is older than it is to be kept, a day of records at a time: nobody waits long for it, and a server whose date
/// is wrong for an hour does not empty its store.</summary>
internal sealed partial class RetentionKeeper(
    ITelemetryStore store, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<RetentionKeeper> logger) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // One that an earlier run did not finish is done again.
    private readonly HashSet<Channel> done = [];

    /// <summary>Deletes at most one more day of each channel.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var (channel, days) in options.Value.Limited)
        {
            var due = DayOf(Instant.From(clock.GetUtcNow()) - (days * Day));
            var told = store.DeletedUntil(channel);
            if (told == Instant.Min && await BeginAsync(channel, due, cancellation) is { } begin)
            {
                told = begin;
            }
            var until = Instant.Later(told, Instant.Earlier(due, told + Day));
            if (told > Instant.Min && (until > store.DeletedUntil(channel) || (until <= due && !done.Contains(channel))))
            {
                await store.DeleteAsync(channel, until, cancellation);
                done.Add(channel);
                Log.Deleted(logger, channel, until, days);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (options.Value.Limited.Count > 0)
        {
            await Task.Delay(Pause, clock, stopping);
            try
            {
                await LookAsync(stopping);
            }
            catch (StoreUnavailableException e)
            {
                Log.NotDeleted(logger, e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.Failed(logger, e); // The disk fills more slowly than readings would be lost.
            }
        }
    }

    // What was heard of and is not there any more was deleted before its index was lost, or by the database itself.
    private async Task<Instant?> BeginAsync(Channel channel, Instant due, CancellationToken cancellation)
    {
        var (heard, record) = await store.ReadFirstAsync(channel, cancellation);
        return record < due ? DayOf(record.Value) : heard < due ? due : null;
    }

    private static Instant DayOf(Instant at)
    {
        var day = (long)Day.TotalMilliseconds;
        return new Instant(at.Milliseconds - (((at.Milliseconds % day) + day) % day));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Channel} records of before {Until} are deleted: they are kept for {Days} days "
            + "(Store:Retention)")]
        public static partial void Deleted(ILogger logger, Channel channel, Instant until, int days);

        [LoggerMessage(LogLevel.Warning, "What is older than it is to be kept (Store:Retention) could not be deleted: {Problem}")]
        public static partial void NotDeleted(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error, "Looking for what is older than it is to be kept failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception e);
    }
}
