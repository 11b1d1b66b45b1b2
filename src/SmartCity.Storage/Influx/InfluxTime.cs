using System.Buffers.Text;
using System.Text.Json;

namespace SmartCity.Storage.Influx;

/// <summary>The times of the V3 interface: 2022-01-01T09:00:00[.123456789][Z], always UTC.</summary>
internal static class InfluxTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds since 1970.</summary>
    /// <exception cref="JsonException">It is no such time.</exception>
    public static long Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length < 19 || (text[4], text[7], text[10], text[13], text[16]) is not
            ((byte)'-', (byte)'-', (byte)'T' or (byte)' ', (byte)':', (byte)':'))
        {
            throw Unknown();
        }
        var (year, month, day) = (Number(text[..4]), Number(text.Slice(5, 2)), Number(text.Slice(8, 2)));
        var (hour, minute, second) = (Number(text.Slice(11, 2)), Number(text.Slice(14, 2)), Number(text.Slice(17, 2)));
        try
        {
            var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
            return checked((long)(((Int128)(ticks / TimeSpan.TicksPerSecond) * NanosecondsPerSecond) + Fraction(text[19..])));
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new JsonException("A time does not exist, or not between the years 1677 and 2262.", e);
        }
    }

    private static long Fraction(ReadOnlySpan<byte> rest)
    {
        if (rest.EndsWith("Z"u8))
        {
            rest = rest[..^1];
        }
        if (rest.IsEmpty)
        {
            return 0;
        }
        if (rest[0] != '.' || rest.Length is < 2 or > 10)
        {
            throw Unknown();
        }
        long nanoseconds = Number(rest[1..]);
        for (var digits = rest.Length - 1; digits < 9; digits++)
        {
            nanoseconds *= 10;
        }
        return nanoseconds;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var isPlain = !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'); // No sign, no space.
        return isPlain && Utf8Parser.TryParse(digits, out int number, out _) ? number : throw Unknown();
    }

    private static JsonException Unknown() => new("A time is not as InfluxDB 3 writes it.");
}
