using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Records of one device and moment. The database orders by device and time only: few records share a moment, and
/// putting those in order here costs less than sorting all by five columns there.</summary>
internal sealed class RecordRun<T> where T : struct, ITelemetryRecord
{
    private static readonly Comparison<T> ByStamp = (a, b) => Stamp.Compare(a.Stamp, b.Stamp);

    private readonly List<T> _records = [];
    private Stamp _last;
    private bool _isSorted = true;

    /// <summary>Whether a record with that stamp belongs to the run.</summary>
    public bool Takes(in Stamp stamp) =>
        _records.Count == 0 || (stamp.Time == _last.Time && ReferenceEquals(stamp.Device, _last.Device));

    public void Add(in T record, in Stamp stamp)
    {
        _isSorted = _isSorted && (_records.Count == 0 || Stamp.Compare(_last, stamp) <= 0);
        _records.Add(record);
        _last = stamp;
    }

    public List<T> Sorted()
    {
        if (!_isSorted)
        {
            _records.Sort(ByStamp);
        }
        return _records;
    }

    public void Clear()
    {
        _records.Clear();
        _isSorted = true;
    }
}
