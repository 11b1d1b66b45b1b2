using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>The parts in which a span of time is asked for, from its end to its beginning. One that is too long is halved; one without rows
/// lets the next be twice as long, since what is before the first reading is endless.</summary>
internal sealed class QueryParts(InfluxSpanQuery query)
{
    private const long ShortestMs = 1_000;

    private static readonly Instant First = new(InfluxQl.TimeMin / 1_000_000);
    private static readonly Instant Last = new(InfluxQl.TimeMax / 1_000_000);

    private readonly Instant from = Instant.Later(query.From, First);
    private Instant until = query.Until < Last ? query.Until : Last;
    private Instant begin;
    private long lengthMs = long.MaxValue;
    private bool isAsked;
    private bool hasRows;
    private bool isShortened;

    /// <summary>What to ask next; null when all is asked. Whoever reads the rows of a part says so with <see cref="Came"/> and
    /// <see cref="TryShorten"/>.</summary>
    public InfluxQuery? Next()
    {
        if (isAsked && !isShortened)
        {
            until = begin;
            lengthMs = hasRows || lengthMs > long.MaxValue / 2 ? lengthMs : lengthMs * 2;
        }
        (isAsked, hasRows, isShortened) = (true, false, false);
        if (until <= from)
        {
            return null;
        }
        var spanMs = until.Milliseconds - from.Milliseconds;
        begin = lengthMs >= spanMs ? from : new Instant(until.Milliseconds - lengthMs);
        // The whole of it in the words of whoever asked: its bounds may lie beyond what can be dated.
        return query.In(begin == from ? query.From : begin, until == Last ? query.Until : until);
    }

    /// <summary>A piece of the part came, or its end.</summary>
    public void Came(bool isPiece) => hasRows |= isPiece;

    /// <summary>The part was more than is read at once: halves it. False when nothing shorter can be asked for, or when rows of it came
    /// already, which would come again.</summary>
    public bool TryShorten()
    {
        lengthMs = (until.Milliseconds - begin.Milliseconds) / 2;
        isShortened = true;
        return !hasRows && lengthMs >= ShortestMs;
    }
}
