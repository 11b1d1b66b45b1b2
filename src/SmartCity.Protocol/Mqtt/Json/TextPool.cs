using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;

namespace SmartCity.Protocol.Mqtt;

/// <summary>
/// Keeps one string for short ASCII texts that devices repeat (power-ups, sessions), so that reading them again allocates
/// nothing. Bounded: a text takes the place of another with the same slot. Safe for any number of threads, because a slot is
/// one reference and every use compares.
/// </summary>
internal static class TextPool
{
    private const int Slots = 8192; // A power of two.
    private const int LengthMax = 64;

    private static readonly string?[] Pool = new string?[Slots];

    /// <summary>The text as a string. False when it is too long or not ASCII: then the caller makes its own.</summary>
    public static bool TryGet(ReadOnlySpan<byte> ascii, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (ascii.Length > LengthMax)
        {
            return false;
        }
        ref var slot = ref Pool[XxHash3.HashToUInt64(ascii) & (Slots - 1)];
        text = Volatile.Read(ref slot);
        if (text is not null && Ascii.Equals(ascii, text))
        {
            return true;
        }
        if (!Ascii.IsValid(ascii))
        {
            text = null;
            return false;
        }
        text = Encoding.ASCII.GetString(ascii);
        Volatile.Write(ref slot, text);
        return true;
    }
}
