using System.Runtime.InteropServices;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>The records of one device while they are read. Nearly all come in order; the few that came late to the store are put
/// aside, sorted and merged, which costs far less than sorting all.</summary>
/// <param name="size">How many there probably are.</param>
internal sealed class RecordRun<T>(int size) where T : struct, ITelemetryRecord
{
    private static readonly Comparison<T> ByStamp = static (a, b) => Compare(a.Stamp, b.Stamp);

    private readonly List<T> _records = new(size);
    private readonly List<T> _late = [];
    private Stamp _last;

    public void Add(in T record, in Stamp stamp)
    {
        if (_records.Count > 0 && Compare(_last, stamp) > 0)
        {
            _late.Add(record);
            return;
        }
        _records.Add(record);
        _last = stamp;
    }

    /// <summary>All of them in order; called once.</summary>
    public List<T> Sorted()
    {
        RunSort.Sort(_late, ByStamp);
        var (ordered, late) = (_records.Count - 1, _late.Count - 1);
        CollectionsMarshal.SetCount(_records, _records.Count + _late.Count);
        var all = CollectionsMarshal.AsSpan(_records);
        // From the end, so that no record is overwritten before it has moved.
        for (var place = all.Length - 1; late >= 0; place--)
        {
            var takesLate = ordered < 0 || ByStamp(all[ordered], _late[late]) <= 0;
            all[place] = takesLate ? _late[late--] : all[ordered--];
        }
        return _records;
    }

    // A number that was sent twice with other content: the order in which a store keeps its rows must not show.
    private static int Compare(in Stamp a, in Stamp b) =>
        Stamp.Compare(a, b) is not 0 and var order ? order : a.Received.CompareTo(b.Received);
}
