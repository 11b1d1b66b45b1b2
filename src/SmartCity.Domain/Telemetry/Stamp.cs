namespace SmartCity.Domain.Telemetry;

/// <summary>What is known of how a record came about, beside its content.</summary>
[Flags]
public enum StampFlags : byte
{
    /// <summary>Live, and dated by the device.</summary>
    None = 0,

    /// <summary>Came from the device's outbox.</summary>
    Buffered = 1,

    /// <summary>The device's clock was refused; <see cref="Stamp.Time"/> was derived (see <see cref="EventTime"/>).</summary>
    ClockRefused = 2,

    /// <summary>The clock was refused and nothing dates the record but its arrival.</summary>
    Undatable = 4,

    /// <summary>No device made it: a person entered it here, and <see cref="Stamp.Time"/> is when that person says it was.</summary>
    Entered = 8,
}

/// <summary>Which device made a record, when, and in which order; both clocks.</summary>
/// <param name="Device">The device's id, unique in its kind.</param>
/// <param name="Time">Event time: when the device measured.</param>
/// <param name="Received">When the record was accepted here; of several deliveries the first.</param>
/// <param name="BootReceived">When the first message of the device's power-up was received; 0 without boot and seq.</param>
/// <param name="Sequence">The message's number within its power-up; without one, a hash of the record's content.</param>
/// <param name="Index">The record's place in its message.</param>
/// <param name="Flags">How the record came about.</param>
public readonly record struct Stamp(
    string Device, Instant Time, Instant Received, Instant BootReceived, long Sequence, ushort Index, StampFlags Flags)
{
    /// <summary>The order of one device's records: by event time, ties by power-up, message and place in it.</summary>
    public static int Compare(in Stamp a, in Stamp b)
    {
        var order = a.Time.CompareTo(b.Time);
        order = order != 0 ? order : a.BootReceived.CompareTo(b.BootReceived);
        order = order != 0 ? order : a.Sequence.CompareTo(b.Sequence);
        return order != 0 ? order : a.Index.CompareTo(b.Index);
    }
}

/// <summary>Anything a device reported.</summary>
public interface ITelemetryRecord
{
    /// <summary>Origin, clocks and order.</summary>
    Stamp Stamp { get; }
}
