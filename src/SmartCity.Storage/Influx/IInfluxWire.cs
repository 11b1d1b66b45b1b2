using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>One SELECT or SHOW.</summary>
/// <param name="Columns">What is read of the answer, by the names it has there ("time" is one): the ordinals of
/// <see cref="InfluxSeries"/>.</param>
/// <param name="GroupTags">The tags that the statement groups by; no column has the name of one.</param>
internal sealed record InfluxQuery(string Statement, IReadOnlyList<string> Columns, IReadOnlyList<string> GroupTags)
{
    public InfluxQuery(string statement, params string[] columns)
        : this(statement, columns, [])
    {
    }
}

/// <summary>A SELECT over a span of time, of which a part may be asked for.</summary>
/// <param name="Until">Where the span ends; it is not in it.</param>
/// <param name="In">The statement for a part.</param>
internal sealed record InfluxSpanQuery(Instant From, Instant Until, Func<Instant, Instant, InfluxQuery> In);

/// <summary>One of InfluxDB's HTTP interfaces. Each call is exactly one request: whoever calls decides whether to try again.
/// Safe for many threads.</summary>
internal interface IInfluxWire
{
    /// <summary>Writes lines, once. Only cancellation and bugs are exceptions.</summary>
    ValueTask<WriteOutcome> WriteAsync(string database, ReadOnlyMemory<byte> lines, CancellationToken cancellation);

    /// <summary>Asks once and gives the rows as they arrive, in the order of the answer, in pieces of one series each; a long
    /// series comes as several in a row. A piece is overwritten by the next.</summary>
    /// <exception cref="Telemetry.StoreUnavailableException">No rows, or no more rows; the message says what to do.</exception>
    /// <exception cref="InfluxSliceException">A shorter span of time could be read.</exception>
    IAsyncEnumerable<InfluxSeries> QueryAsync(string database, InfluxQuery query, CancellationToken cancellation);
}

/// <summary>The database reads less at once than it was asked for: ask for a shorter span of time.</summary>
internal sealed class InfluxSliceException(string message) : Exception(message);
