namespace SmartCity.Storage.Telemetry;

/// <summary>Takes a row's columns from left to right. An heir that adds an overload of its own would be preferred, for narrower types
/// too, to those it overrides.</summary>
internal abstract class RecordAppender
{
    public abstract RecordAppender Add(long value);

    public abstract RecordAppender Add(ulong value);

    public abstract RecordAppender Add(int value);

    public abstract RecordAppender Add(byte value);

    public abstract RecordAppender Add(double value);

    public abstract RecordAppender Add(long? value);

    public abstract RecordAppender Add(int? value);

    public abstract RecordAppender Add(byte? value);

    public abstract RecordAppender Add(double? value);

    public abstract RecordAppender Add(string? value);
}
