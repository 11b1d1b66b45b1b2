using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Identifies a power-up of a device; boot "" stands for the messages without sequence numbers.</summary>
internal readonly record struct BootKey(DeviceKind Kind, string Device, string Boot);

/// <summary>A power-up and the sequence numbers stored of it.</summary>
internal sealed class Boot(BootKey key, int number, Instant received, int rangesMax)
{
    private readonly SequenceRanges _seen = new();

    public BootKey Key => key;

    public int Number => number;

    /// <summary>When its first message was received.</summary>
    public Instant Received => received;

    /// <summary>Set when the ranges are not all that is stored: a number outside them may be in the store all the same.</summary>
    public bool MustLookUp { get; set; }

    /// <summary>Whether a message with this number may be in the store.</summary>
    public bool MayHave(long sequence) => MustLookUp || _seen.Contains(sequence);

    /// <summary>Forgets which numbers are stored.</summary>
    public void Forget() => _seen.Clear();

    public void Add(long first, long last)
    {
        if (_seen.Count < rangesMax || _seen.Contains(first) || (first > long.MinValue && _seen.Contains(first - 1)))
        {
            _seen.Add(first, last);
        }
        else
        {
            MustLookUp = true;
        }
    }
}
