using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Reads points as records. Column 0 is the time, then come the stamp's and the record's own.</summary>
internal sealed class PointReader : RecordReader
{
    private InfluxSeries? _series;
    private int _row;
    private int _column;
    private string _device = "";
    private int _port;

    /// <summary>Goes to a piece of a series.</summary>
    public void Begin(InfluxSeries series)
    {
        _series = series;
        _device = series.Tag(Points.Device) ?? throw Missing(Points.Device);
        _port = int.Parse(series.Tag(Points.Port) ?? throw Missing(Points.Port), CultureInfo.InvariantCulture);
    }

    /// <summary>The record in a row.</summary>
    public T Read<T>(RecordTable<T> table, int row) where T : struct, ITelemetryRecord
    {
        (_row, _column) = (row, 0);
        var stamp = new Stamp(
            _device, PointTime.InstantOf(Int64()), new Instant(Int64()), new Instant(Int64()), Int64(), (ushort)(Int64OrNull() ?? 0),
            (StampFlags)(Int64OrNull() ?? 0));
        return table.Read(stamp, _port, this);
    }

    public override long Int64() => Int64OrNull() ?? throw Missing($"column {_column - 1}");

    public override int Int32() => (int)Int64();

    public override byte Byte() => (byte)Int64();

    public override double Double() => DoubleOrNull() ?? throw Missing($"column {_column - 1}");

    public override string Text() => TextOrNull() ?? throw Missing($"column {_column - 1}");

    public override long? Int64OrNull() => _series!.Int64(_row, _column++);

    public override int? Int32OrNull() => (int?)Int64OrNull();

    public override byte? ByteOrNull() => (byte?)Int64OrNull();

    public override double? DoubleOrNull() => _series!.Double(_row, _column++);

    public override string? TextOrNull() => _series!.Text(_row, _column++);

    private static InvalidDataException Missing(string what) =>
        new($"InfluxDB has a point that SmartCity did not write: its {what} is missing. Keep other data in another database.");
}
