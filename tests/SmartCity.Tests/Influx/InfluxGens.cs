using CsCheck;

namespace SmartCity.Tests.Influx;

/// <summary>Texts that someone may send to do harm, and numbers that get lost on the way.</summary>
internal static class InfluxGens
{
    private static readonly Gen<string> Pieces = Gen.OneOf(
        "\\", "\\\\", "\"", "'", ",", "=", " ", "\n", "\r\n", "\t", "\0", "\u007f", "\u0085", "\u001b[31m", "#", "\\n", "\\,", "\\\"",
        "\uf8ff", "\uf8ff0041", "\uf8ff\uf8ff", "\ud83d", "\ude9a", "🚚", "充电桩", "é", "\u2028", "\ufeff", "\ufffd", "\uffff",
        "' OR 1=1 --", "; DROP DATABASE x", "$^", "//", "<script>", "time", "1i", "true", "NaN", "\u202e", "a", "B7", "-");

    /// <summary>Any text.</summary>
    public static readonly Gen<string> Text = Gen.OneOf(
        Pieces.Array[0, 6].Select(parts => string.Concat(parts)),
        Gen.Char.Array[0, 20].Select(chars => new string(chars)),
        Gen.Select(Gen.String[0, 8], Pieces, (a, b) => a + b),
        Gen.String[Gen.Char.AlphaNumeric, 1, 30]);

    /// <summary>Any number that line protocol has.</summary>
    public static readonly Gen<double> Number = Gen.OneOf(
        Gen.Double.Where(double.IsFinite), Gen.Int[-10_000, 10_000].Select(n => n / 100.0), Gen.Int.Select(n => (double)n),
        Gen.OneOf(0.0, -0.0, double.Epsilon, -double.Epsilon, 1e300, double.MaxValue, double.MinValue, 0.1 + 0.2,
            9007199254740993d, 1e20, 1e21, 1e22, 9.223372036854775e18, 9.3e18, 5e-7, 2.2250738585072014e-308));

    /// <summary>Any whole number, the ends more often.</summary>
    public static readonly Gen<long> Whole = Gen.OneOf(
        Gen.Long, Gen.OneOf(0L, -1L, long.MaxValue, long.MinValue, long.MaxValue - 1, 9007199254740993L, 1L << 53));

    /// <summary>Bit by bit: -0.0 is not 0.0.</summary>
    public static void AssertSame(double expected, double? actual) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(Assert.NotNull(actual)));
}
