namespace SmartCity.Protocol.Mqtt;

/// <summary>How much a device may send at once.</summary>
public static class UplinkLimits
{
    /// <summary>The largest payload that is read: 64 KiB.</summary>
    public const int PayloadBytesMax = 64 * 1024;

    /// <summary>The most records in one message.</summary>
    public const int RecordsMax = 500;

    /// <summary>The longest text in a record, in UTF-16 units.</summary>
    public const int TextMax = 1024;

    /// <summary>The longest name of a power-up, in UTF-16 units.</summary>
    public const int BootMax = 128;

    /// <summary>The deepest nesting of a JSON payload; the contract's own needs 3.</summary>
    public const int JsonDepthMax = 16;

    /// <summary>The longest device id.</summary>
    public const int DeviceIdMax = 64;
}
