namespace SmartCity.Storage.Influx;

/// <summary>A date that goes on from where it was, whoever sets the machine's: for a library that measures spans by dates. Polly's
/// breaker would stay open for as long as the date was set back.</summary>
internal sealed class SteadyClock(TimeProvider machine) : TimeProvider
{
    private readonly DateTimeOffset began = machine.GetUtcNow();
    private readonly long since = machine.GetTimestamp();

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => began + machine.GetElapsedTime(since);

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);
}
