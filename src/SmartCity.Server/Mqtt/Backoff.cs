namespace SmartCity.Server.Mqtt;

/// <summary>How long to wait before the next try. The decision is pure; only the loop waits.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Anything between half a second and twice as long with each failure, up to 30 s: many that lost the same peer
    /// do not come back together.</summary>
    public static TimeSpan After(int failures, Random random)
    {
        var bound = Math.Min(Longest.TotalSeconds, Shortest.TotalSeconds * Math.Pow(2, Math.Min(failures, 16)));
        return TimeSpan.FromSeconds(Shortest.TotalSeconds + (random.NextDouble() * (bound - Shortest.TotalSeconds)));
    }
}
