using System.Diagnostics;
using System.Numerics;

namespace SmartCity.Simulator.Load;

/// <summary>Counts latencies in buckets 3 % wide. Safe for any number of threads.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5, Sub = 1 << SubBits;
    private readonly long[] counts = new long[64 * Sub];
    private long max;

    public void Add(long stopwatchTicks)
    {
        var microseconds = (long)(stopwatchTicks * (1e6 / Stopwatch.Frequency));
        Interlocked.Increment(ref counts[IndexOf(microseconds)]);
        if (microseconds > Volatile.Read(ref max))
        {
            Volatile.Write(ref max, microseconds);
        }
    }

    public double MaxMs => Volatile.Read(ref max) / 1000.0;

    /// <summary>The latency that a share of all was not above; 0 when nothing was counted.</summary>
    public double PercentileMs(double share)
    {
        var left = (long)Math.Ceiling(counts.Sum() * share);
        for (var i = 0; i < counts.Length && left > 0; i++)
        {
            left -= counts[i];
            if (left <= 0)
            {
                return Math.Min(UpperOf(i) / 1000.0, MaxMs);
            }
        }
        return 0;
    }

    private static int IndexOf(long value)
    {
        if (value < Sub)
        {
            return (int)Math.Max(0, value);
        }
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) * Sub) + (int)((value >> shift) - Sub);
    }

    private static double UpperOf(int index) => index < Sub
        ? index
        : (double)((index % Sub) + Sub + 1) * Math.Pow(2, (index / Sub) - 1);
}
