using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Sessions whose records are read whole, and the days on which these lie.</summary>
internal sealed class WholeSessions
{
    // Each is a look of its own. A session that goes on for months, or a clock that leaps, is looked for everywhere between.
    private const int SpansMax = 8;

    private readonly SortedSet<long> _days = [];
    private readonly HashSet<(int Device, string Session)> _keys = [];

    /// <summary>Device and id of each.</summary>
    public IReadOnlyCollection<(int Device, string Session)> Keys => _keys;

    /// <summary>Adds a day of <see cref="SessionDays"/> on which one spoke.</summary>
    public void Add(int device, string session, long day)
    {
        _keys.Add((device, session));
        _days.Add(day);
    }

    /// <summary>Where records of the sessions lie that are not in the query's span.</summary>
    public IEnumerable<(Instant From, Instant Until)> Beside(RecordQuery query)
    {
        foreach (var (from, until) in Spans())
        {
            if (from < query.From)
            {
                yield return (from, Instant.Earlier(until, query.From));
            }
            if (until > query.Until)
            {
                yield return (Instant.Later(from, query.Until), until);
            }
        }
    }

    private List<(Instant From, Instant Until)> Spans()
    {
        var spans = new List<(Instant From, Instant Until)>();
        foreach (var day in _days)
        {
            var (from, until) = (SessionDays.StartOf(day), SessionDays.StartOf(day + 1));
            if (spans.Count > 0 && (spans[^1].Until == from || spans.Count == SpansMax))
            {
                spans[^1] = spans[^1] with { Until = until };
            }
            else
            {
                spans.Add((from, until));
            }
        }
        return spans;
    }
}
