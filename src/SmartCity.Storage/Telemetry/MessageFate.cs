namespace SmartCity.Storage.Telemetry;

/// <summary>What to do with a message.</summary>
public enum MessageFate : byte
{
    /// <summary>Not in the store: append it.</summary>
    New = 0,

    /// <summary>In the store already: count it.</summary>
    Duplicate = 1,

    /// <summary>The store has another message with its (boot, seq): append it and count it.</summary>
    Conflict = 2,
}
