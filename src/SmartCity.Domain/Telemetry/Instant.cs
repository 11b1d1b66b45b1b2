using System.Globalization;

namespace SmartCity.Domain.Telemetry;

/// <summary>A moment in UTC, in whole milliseconds since the Unix epoch: what devices send, and exact when summed.</summary>
public readonly record struct Instant(long Milliseconds) : IComparable<Instant>
{
    // The years 1 to 9999.
    private const long FirstShown = -62_135_596_800_000;
    private const long LastShown = 253_402_300_799_999;

    /// <summary>Before every reading.</summary>
    public static readonly Instant Min = new(long.MinValue / 4);

    /// <summary>After every reading.</summary>
    public static readonly Instant Max = new(long.MaxValue / 4);

    /// <summary>The moment of <paramref name="time"/>, cut to the millisecond.</summary>
    public static Instant From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>The moment as the framework writes it. Only for moments between the years 1 and 9999.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>The earlier of the two.</summary>
    public static Instant Earlier(Instant a, Instant b) => a < b ? a : b;

    /// <summary>The later of the two.</summary>
    public static Instant Later(Instant a, Instant b) => a > b ? a : b;

    /// <inheritdoc/>
    public override string ToString() => Milliseconds is < FirstShown or > LastShown
        ? string.Create(CultureInfo.InvariantCulture, $"{Milliseconds} ms")
        : ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>The moment <paramref name="span"/> later.</summary>
    public static Instant operator +(Instant instant, TimeSpan span) =>
        new(instant.Milliseconds + (span.Ticks / TimeSpan.TicksPerMillisecond));

    /// <summary>The moment <paramref name="span"/> earlier.</summary>
    public static Instant operator -(Instant instant, TimeSpan span) =>
        new(instant.Milliseconds - (span.Ticks / TimeSpan.TicksPerMillisecond));

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static TimeSpan operator -(Instant left, Instant right) =>
        new((left.Milliseconds - right.Milliseconds) * TimeSpan.TicksPerMillisecond);

    /// <summary>Whether it is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Whether it is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Whether it is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Whether it is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Milliseconds >= right.Milliseconds;
}
