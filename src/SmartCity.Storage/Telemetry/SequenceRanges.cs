namespace SmartCity.Storage.Telemetry;

/// <summary>A set of sequence numbers as merged, ordered ranges. A device that counts without holes needs one range.</summary>
internal sealed class SequenceRanges
{
    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>How many ranges there are.</summary>
    public int Count => _ranges.Count;

    /// <summary>The ranges, in order, with holes between them.</summary>
    public IReadOnlyList<(long First, long Last)> All => _ranges;

    public void Clear() => _ranges.Clear();

    /// <summary>Adds a range of which any part may be there already.</summary>
    public void Add(long first, long last)
    {
        var at = IndexOfEnd(first == long.MinValue ? first : first - 1);
        var until = at;
        while (until < _ranges.Count && (last == long.MaxValue || _ranges[until].First <= last + 1))
        {
            first = Math.Min(first, _ranges[until].First);
            last = Math.Max(last, _ranges[until].Last);
            until++;
        }
        if (until - at == 1)
        {
            _ranges[at] = (first, last); // The usual case: the newest range grows.
            return;
        }
        _ranges.RemoveRange(at, until - at);
        _ranges.Insert(at, (first, last));
    }

    /// <summary>Whether the number is in the set.</summary>
    public bool Contains(long number) => IndexOfEnd(number) is var at && at < _ranges.Count && _ranges[at].First <= number;

    // The first range that ends at or after the number.
    private int IndexOfEnd(long number)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _ranges[middle].Last < number ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
