using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Identifies a power-up of a device; boot "" stands for the messages without sequence numbers.</summary>
internal readonly record struct BootKey(DeviceKind Kind, string Device, string Boot);

/// <summary>A power-up and the sequence numbers stored of it.</summary>
internal sealed class Boot(BootKey key, int number, Instant received, int rangesMax)
{
    private readonly SequenceRanges _seen = new();

    // Came, and were set aside; few power-ups have any.
    private SequenceRanges? _aside;

    public BootKey Key => key;

    public int Number => number;

    /// <summary>When its first message was received.</summary>
    public Instant Received { get; } = received;

    /// <summary>Set when the ranges are not all that is stored: a number outside them may be in the store all the same.</summary>
    public bool MustLookUp { get; set; }

    /// <summary>When its latest stored message was received.</summary>
    public Instant LastReceived { get; private set; } = received;

    /// <summary>Whether numbers are missing between those that are stored.</summary>
    public bool HasHoles => _seen.Count > 1;

    /// <summary>Whether more numbers are stored than are remembered.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The numbers that are stored, as far as they are remembered.</summary>
    public IReadOnlyList<(long First, long Last)> Seen => _seen.All;

    /// <summary>Whether a message with this number may be in the store.</summary>
    public bool MayHave(long sequence) => MustLookUp || _seen.Contains(sequence);

    /// <summary>Forgets which numbers are stored.</summary>
    public void Forget() => _seen.Clear();

    public void Add(long first, long last, Instant received)
    {
        LastReceived = Instant.Later(LastReceived, received);
        if (_seen.Count < rangesMax || _seen.Contains(first) || (first > long.MinValue && _seen.Contains(first - 1)))
        {
            _seen.Add(first, last);
        }
        else
        {
            (MustLookUp, IsCut) = (true, true);
        }
    }

    /// <summary>A message with this number came and is not stored.</summary>
    public void SetAside(long sequence)
    {
        _aside ??= new SequenceRanges();
        if (_aside.Count < rangesMax)
        {
            _aside.Add(sequence, sequence);
        }
    }

    /// <summary>What is missing between stored ranges and was not set aside either.</summary>
    public IReadOnlyList<(long First, long Last)> MissingOf(IReadOnlyList<(long First, long Last)> stored)
    {
        var came = new SequenceRanges();
        foreach (var (first, last) in _aside is null ? stored : stored.Concat(_aside.All))
        {
            came.Add(first, last);
        }
        return stored.Count == 0
            ? []
            : [.. came.All.Zip(came.All.Skip(1), (a, b) => (First: a.Last + 1, Last: b.First - 1))
                .Where(hole => hole.First > stored[0].First && hole.Last < stored[^1].Last)];
    }
}
