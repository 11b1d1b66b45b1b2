using System.Globalization;

namespace SmartCity.Simulator.Load;

/// <summary>What a load run came to. Sent and acked count each message once; the rate is over the time of sending.</summary>
internal sealed record LoadResult(
    long Sent, long Acked, long Refused, long Resent, int Breaks, double Seconds, double P50Ms, double P99Ms, double MaxMs)
{
    /// <summary>For programs: one line.</summary>
    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"sent\":{Sent},\"acked\":{Acked},\"seconds\":{Seconds:F3},\"perSecond\":{Acked / Math.Max(Seconds, 0.001):F1},"
        + $"\"pubackP50Ms\":{P50Ms:F3},\"pubackP99Ms\":{P99Ms:F3},\"pubackMaxMs\":{MaxMs:F3}}}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"sent {Sent}, acked {Acked}, refused {Refused}, resent {Resent}, breaks {Breaks}, "
        + $"{Acked / Math.Max(Seconds, 0.001):F0} msg/s over {Seconds:F1} s, "
        + $"PUBACK p50 {P50Ms:F1} ms, p99 {P99Ms:F1} ms, max {MaxMs:F1} ms");
}
