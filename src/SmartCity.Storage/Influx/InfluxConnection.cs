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

    /// <inheritdoc cref="IInfluxWire.QueryAsync"/>
    /// <exception cref="StoreUnavailableException">No rows, or no more rows; the message says what to do.</exception>
    public async IAsyncEnumerable<InfluxSeries> QueryAsync(
        string database, InfluxQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var rows = Ready().Wire.QueryAsync(database, query, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(rows))
        {
            yield return rows.Current;
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<InfluxSeries> rows)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (InfluxSliceException e)
        {
            throw new StoreUnavailableException(
                $"{e.Message} SmartCity does not read in slices yet: raise the server's limit (InfluxDB 3: --query-file-limit)", e);
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
