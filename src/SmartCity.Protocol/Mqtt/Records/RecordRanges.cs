namespace SmartCity.Protocol.Mqtt;

/// <summary>What a sensor can measure: both ends belong to it.</summary>
internal readonly record struct NumberRange(double Min, double Max, string Unit = "")
{
    public bool Holds(double value) => value >= Min && value <= Max; // False for NaN.

    public override string ToString() =>
        FormattableString.Invariant($"must be {Min} to {Max}{(Unit.Length > 0 ? " " : "")}{Unit}");
}

/// <summary>The ranges the contract promises (docs/mqtt.md). Outside of them a record is set aside.</summary>
internal static class RecordRanges
{
    public const int PortMax = 64;
    public const string TimeRule = "must be milliseconds since 1970-01-01 UTC";

    // What a DateTimeOffset can hold. Clocks that are merely wrong are dated elsewhere; this stops micro- and nanoseconds.
    private static readonly long TimeMin = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long TimeMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static readonly NumberRange Finite = new(double.MinValue, double.MaxValue);
    public static readonly NumberRange Voltage = new(0, 1000, "V");
    public static readonly NumberRange Current = new(0, 1000, "A");
    public static readonly NumberRange Power = new(0, 400_000, "W");
    public static readonly NumberRange SessionEnergy = new(0, 10_000_000, "Wh");
    public static readonly NumberRange Register = new(0, 10_000_000_000_000, "Wh");
    public static readonly NumberRange Temperature = new(-60, 200, "C");
    public static readonly NumberRange Fill = new(0, 1);
    public static readonly NumberRange NetWeight = new(-100, 20_000, "kg");
    public static readonly NumberRange Speed = new(0, 200, "km/h");
    public static readonly NumberRange Latitude = new(-90, 90, "degrees");
    public static readonly NumberRange Longitude = new(-180, 180, "degrees");
    public static readonly NumberRange AnyWhole = new(int.MinValue, int.MaxValue);
    public static readonly NumberRange Port = new(1, PortMax);
    public static readonly NumberRange PortOrPile = new(0, PortMax);

    public static bool IsTime(long milliseconds) => milliseconds >= TimeMin && milliseconds <= TimeMax;
}
