using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>Writes messages as line protocol: the points of each record as an InfluxDB of ours has them, then one of the message, which
/// ends it. Not for two threads at once.</summary>
public sealed class MessageLines : IDisposable
{
    /// <summary>The tag <c>instance</c> of all points, so that no server takes them for its own.</summary>
    public const string Instance = "exported";

    private readonly LineBatch _lines = new();

    /// <summary>The lines of one message; valid until the next call.</summary>
    /// <exception cref="StoreRefusedException">Line protocol cannot carry it.</exception>
    public ReadOnlyMemory<byte> Of(TelemetryMessage message)
    {
        _lines.Clear();
        new PointWriter(_lines, Instance, isApart: true).Write(message);
        return _lines.Slice(0, _lines.Lines);
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
