using System.Globalization;
using System.Runtime.CompilerServices;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>The one InfluxDB: found out about before it is first used, then written to and asked.</summary>
internal sealed class InfluxConnection : IDisposable
{
    private readonly InfluxHttp http;
    private (IInfluxWire Wire, InfluxWriter Writer)? ready;

    public InfluxConnection(InfluxOptions options, TimeProvider clock) => http = new InfluxHttp(options, clock);

    /// <summary>Whether a point takes the place of another one at its time.</summary>
    /// <exception cref="StoreUnavailableException">Not known yet.</exception>
    public bool Replaces => Ready().Wire is InfluxV1Wire;

    /// <summary>Sees to it that it can be used.</summary>
    /// <exception cref="StoreUnavailableException">It cannot; the message says why and what to do.</exception>
    public async ValueTask EnsureReadyAsync(CancellationToken cancellation)
    {
        if (ready is not null)
        {
            return;
        }
        var verdict = await new InfluxProbe(http).LookAsync(cancellation);
        if (verdict.Problem is { } problem)
        {
            throw new StoreUnavailableException(problem);
        }
        var wire = InfluxProbe.WireOf(http, verdict.Profile);
        ready = (wire, new InfluxWriter(wire, http));
    }

    /// <inheritdoc cref="InfluxWriter.WriteAsync(string, LineBatch, CancellationToken)"/>
    public ValueTask WriteAsync(string database, LineBatch lines, CancellationToken cancellation) =>
        Ready().Writer.WriteAsync(database, lines, cancellation);

    /// <summary>Asks and gives the rows as they arrive, in pieces of one series each; a piece is overwritten by the next. Where the
    /// database reads less at once than the span, it is asked for parts of it, the last part first: a series comes once in each.</summary>
    /// <exception cref="StoreUnavailableException">No rows, or no more rows; the message says what to do.</exception>
    public async IAsyncEnumerable<InfluxSeries> QueryAsync(
        string database, InfluxSpanQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var wire = Ready().Wire;
        var parts = new QueryParts(query);
        while (parts.Next() is { } part)
        {
            await using var rows = wire.QueryAsync(database, part, cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(rows, parts))
            {
                yield return rows.Current;
            }
        }
    }

    /// <summary>Deletes the points of a measurement that are older than a time in ns since 1970. Only an interface of 1.x can, which
    /// 2.x has too.</summary>
    /// <exception cref="StoreUnavailableException">Perhaps not all were deleted; the message says what to do.</exception>
    public async ValueTask DeleteAsync(string database, string measurement, long until, CancellationToken cancellation)
    {
        var statement = string.Create(
            CultureInfo.InvariantCulture, $"DELETE FROM {InfluxQl.Identifier(measurement)} WHERE time < {until}");
        await foreach (var _ in Ready().Wire.QueryAsync(database, new InfluxQuery(statement), cancellation))
        {
            // It has no rows.
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<InfluxSeries> rows, QueryParts parts)
    {
        try
        {
            var isMore = await rows.MoveNextAsync();
            parts.Came(isMore);
            return isMore;
        }
        catch (InfluxSliceException e)
        {
            return parts.TryShorten()
                ? false
                : throw new StoreUnavailableException(
                    $"{e.Message} No shorter span can be asked for: raise the server's limit (InfluxDB 3: --query-file-limit)", e);
        }
    }

    public void Dispose()
    {
        ready?.Writer.Dispose();
        http.Dispose();
    }

    private (IInfluxWire Wire, InfluxWriter Writer) Ready() =>
        ready ?? throw new StoreUnavailableException($"InfluxDB at {http.Address.Url} was not asked yet what it is; try again");
}
