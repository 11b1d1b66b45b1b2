using Polly;
using Polly.Retry;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>How a store or a journal that fails is tried again: for ever, after half a second, then twice as long each time up to
/// 1 s: a disk that has room again, or a database that is back, should not wait long for us. With jitter, so that many that failed
/// together do not come back together.</summary>
internal static class Retrying
{
    /// <summary>A pipeline that tells <paramref name="onFailure"/> of each failure before it waits.</summary>
    public static ResiliencePipeline ForEver(TimeProvider clock, Action<Exception> onFailure) =>
        new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is StoreUnavailableException or JournalUnavailableException),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(0.5),
            MaxDelay = TimeSpan.FromSeconds(1),
            OnRetry = attempt =>
            {
                onFailure(attempt.Outcome.Exception!);
                return ValueTask.CompletedTask;
            },
        }).Build();
}
