using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Names one record of a truck, whatever its copies, so that people can decide about it.</summary>
/// <param name="Time">When it was made.</param>
public readonly record struct EvidenceId(string TruckId, Instant Time, Instant BootReceived, long Sequence, ushort Index)
{
    private const int Parts = 5;

    /// <summary>The name of a record.</summary>
    public static EvidenceId Of(in Stamp stamp) => new(stamp.Device, stamp.Time, stamp.BootReceived, stamp.Sequence, stamp.Index);

    /// <summary><c>truck/time/boot/sequence/index</c>, the two moments in milliseconds.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{TruckId}/{Time.Milliseconds}/{BootReceived.Milliseconds}/{Sequence}/{Index}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out EvidenceId id)
    {
        var parts = text.Split('/');
        id = default;
        if (parts.Length != Parts || parts[0].Length == 0 || !Number(parts[1], out var time) || !Number(parts[2], out var boot)
            || !Number(parts[3], out var sequence) || !ushort.TryParse(parts[4], NumberStyles.None, null, out var index))
        {
            return false;
        }
        id = new EvidenceId(parts[0], new Instant(time), new Instant(boot), sequence, index);
        return true;
    }

    private static bool Number(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
