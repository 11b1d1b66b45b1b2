namespace SmartCity.Storage.Telemetry;

/// <summary>Gives a row's columns from left to right.</summary>
internal abstract class RecordReader
{
    public abstract long Int64();

    public abstract int Int32();

    public abstract byte Byte();

    public abstract double Double();

    public abstract string Text();

    public abstract long? Int64OrNull();

    public abstract int? Int32OrNull();

    public abstract byte? ByteOrNull();

    public abstract double? DoubleOrNull();

    public abstract string? TextOrNull();
}
