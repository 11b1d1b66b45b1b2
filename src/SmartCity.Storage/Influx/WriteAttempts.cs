using System.Collections.Concurrent;
using System.IO.Hashing;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Sends one request until it is decided, for about ten seconds; the caller tries for as long as it takes.</summary>
internal sealed class WriteAttempts
{
    /// <summary>So many answers of 500 with the same words may mean a line that the database fails on.</summary>
    public const int SameFailuresMax = 5;

    private const int FailuresKept = 100;
    private const int SlowBytesMin = 16 << 10;

    private static readonly TimeSpan TryingMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(5);
    private static readonly ResiliencePropertyKey<Try> TryKey = new("SmartCity.Influx.Try");

    private readonly IInfluxWire wire;
    private readonly InfluxHttp http;
    private readonly ResiliencePipeline<WriteOutcome> retry;
    private readonly ResiliencePipeline<WriteOutcome> once;
    private readonly CircuitBreakerStateProvider circuit = new();
    private readonly ConcurrentDictionary<string, Pause> pauses = new();
    private readonly ConcurrentDictionary<ulong, int> failures = new();
    private volatile string lastFailure = "";
    private volatile int slowBytesMax;

    public WriteAttempts(IInfluxWire wire, InfluxHttp http)
    {
        (this.wire, this.http, slowBytesMax) = (wire, http, http.Options.BatchBytesMax);
        var steady = new SteadyClock(http.Clock);
        retry = new ResiliencePipelineBuilder<WriteOutcome> { TimeProvider = steady }.AddRetry(Retry()).Build();
        once = new ResiliencePipelineBuilder<WriteOutcome> { TimeProvider = steady }
            .AddCircuitBreaker(Breaker())
            .AddTimeout(http.Timeout)
            .Build();
    }

    /// <summary>Whether the last requests were answered: otherwise the next one alone finds out.</summary>
    public bool IsAnswered => circuit.CircuitState == CircuitState.Closed;

    /// <summary>What a request should have at most, by what the network let through: a slow one passes no large request in time,
    /// however often it is tried.</summary>
    public int SlowBytesMax => slowBytesMax;

    /// <summary>Ok, PartialKept, RejectedAll or TooLarge.</summary>
    /// <param name="suspicion">The failure that a part of these lines brought about: seeing it again decides.</param>
    /// <exception cref="StoreUnavailableException">Anything else.</exception>
    public async ValueTask<WriteOutcome> SendAsync(
        string database, ReadOnlyMemory<byte> lines, WriteOutcome? suspicion, CancellationToken cancellation)
    {
        var attempt = new Try(database, lines, http.Clock.GetTimestamp(), suspicion);
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(TryKey, attempt);
        try
        {
            return Decide(attempt, await retry.ExecuteAsync(c => AttemptAsync(attempt, c.CancellationToken), context));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private WriteOutcome Decide(Try attempt, WriteOutcome outcome)
    {
        if (outcome.Class is WriteClass.Ok or WriteClass.PartialKept or WriteClass.RejectedAll or WriteClass.TooLarge)
        {
            return outcome;
        }
        if (FailedTooOften(attempt, outcome) || attempt.Confirms(outcome))
        {
            return outcome with { Class = WriteClass.RejectedAll };
        }
        throw new StoreUnavailableException(InfluxAdvice.Of(http, attempt.Database, outcome));
    }

    // Where each failure takes long, only several calls with the same lines see enough of them.
    private bool FailedTooOften(Try attempt, WriteOutcome outcome)
    {
        if (attempt.SameFailures == 0)
        {
            return false;
        }
        if (failures.Count >= FailuresKept)
        {
            failures.Clear();
        }
        var what = XxHash3.HashToUInt64(attempt.Lines.Span, StringComparer.Ordinal.GetHashCode(outcome.Detail));
        if (failures.AddOrUpdate(what, attempt.SameFailures, (_, before) => before + attempt.SameFailures) < SameFailuresMax)
        {
            return false;
        }
        failures.TryRemove(what, out _);
        return true;
    }

    private async ValueTask<WriteOutcome> AttemptAsync(Try attempt, CancellationToken cancellation)
    {
        await WaitAsync(attempt, cancellation);
        WriteOutcome outcome;
        try
        {
            outcome = await once.ExecuteAsync(
                token => wire.WriteAsync(attempt.Database, attempt.Lines, token), cancellation);
        }
        catch (TimeoutRejectedException)
        {
            outcome = new WriteOutcome(WriteClass.Transient, null, InfluxAdvice.OfTimeout(http.Options));
        }
        catch (BrokenCircuitException e)
        {
            throw new StoreUnavailableException(lastFailure, e);
        }
        attempt.Count(outcome);
        Note(attempt.Database, outcome);
        Pace(attempt.Lines.Length, outcome);
        return outcome;
    }

    private void Pace(int bytes, WriteOutcome outcome)
    {
        if (outcome is { Class: WriteClass.Transient, HttpStatus: null })
        {
            slowBytesMax = Math.Max(SlowBytesMin, Math.Min(slowBytesMax, bytes / 2));
        }
        else if (slowBytesMax < http.Options.BatchBytesMax && bytes > slowBytesMax / 2)
        {
            slowBytesMax = Math.Min(http.Options.BatchBytesMax, slowBytesMax * 2);
        }
    }

    // A fault of the settings is looked at again only now and then, and an asked-for pause holds for every request.
    private void Note(string database, WriteOutcome outcome)
    {
        if (outcome.Class == WriteClass.ConfigFault)
        {
            pauses[database] = new Pause(http.Clock.GetTimestamp(), FaultPause, outcome);
        }
        else if (outcome is { Class: WriteClass.Throttled, RetryAfter: { } wait })
        {
            pauses[database] = new Pause(http.Clock.GetTimestamp(), wait < PauseMax ? wait : PauseMax, outcome);
        }
        if (outcome.Class is WriteClass.Transient)
        {
            lastFailure = InfluxAdvice.Of(http, database, outcome);
        }
    }

    private async ValueTask WaitAsync(Try attempt, CancellationToken cancellation)
    {
        if (!pauses.TryGetValue(attempt.Database, out var pause))
        {
            return;
        }
        var left = pause.Length - http.Clock.GetElapsedTime(pause.Since);
        if (left > TimeSpan.Zero)
        {
            if (pause.Reason.Class == WriteClass.ConfigFault || Elapsed(attempt) + left > TryingMax)
            {
                throw new StoreUnavailableException(InfluxAdvice.Of(http, attempt.Database, pause.Reason));
            }
            await Task.Delay(left, http.Clock, cancellation);
        }
        pauses.TryRemove(KeyValuePair.Create(attempt.Database, pause));
    }

    private RetryStrategyOptions<WriteOutcome> Retry() => new()
    {
        ShouldHandle = args => ValueTask.FromResult(
            args.Context.Properties.TryGetValue(TryKey, out var attempt) && IsWorthAnotherTry(attempt, args.Outcome.Result)),
        MaxRetryAttempts = SameFailuresMax - 1,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromSeconds(0.4),
        MaxDelay = TimeSpan.FromSeconds(3),
    };

    private CircuitBreakerStrategyOptions<WriteOutcome> Breaker() => new()
    {
        // A 500 is an answer, and may be about one line only.
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is TimeoutRejectedException
            || args.Outcome.Result is { Class: WriteClass.Transient, HttpStatus: null or > 500 }),
        FailureRatio = 0.9,
        MinimumThroughput = 8,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(5),
        StateProvider = circuit,
    };

    private bool IsWorthAnotherTry(Try attempt, WriteOutcome? outcome) =>
        outcome is { Class: WriteClass.Transient or WriteClass.Throttled }
        && !attempt.Confirms(outcome)
        && Elapsed(attempt) + (outcome.RetryAfter ?? TimeSpan.Zero) < TryingMax;

    private TimeSpan Elapsed(Try attempt) => http.Clock.GetElapsedTime(attempt.Since);

    private sealed record Pause(long Since, TimeSpan Length, WriteOutcome Reason);

    private sealed class Try(string database, ReadOnlyMemory<byte> lines, long since, WriteOutcome? suspicion)
    {
        private WriteOutcome? last;

        public string Database => database;

        public ReadOnlyMemory<byte> Lines => lines;

        public long Since => since;

        public int SameFailures { get; private set; }

        public void Count(WriteOutcome outcome)
        {
            var mayBeContent = outcome is { HttpStatus: 500, Class: WriteClass.Transient, BlamesServer: false };
            SameFailures = !mayBeContent ? 0 : IsSame(last, outcome) ? SameFailures + 1 : 1;
            last = outcome;
        }

        public bool Confirms(WriteOutcome outcome) => IsSame(suspicion, outcome);

        private static bool IsSame(WriteOutcome? one, WriteOutcome other) =>
            one?.HttpStatus == other.HttpStatus && other.HttpStatus == 500 && one?.Detail == other.Detail;
    }
}
