using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>The one InfluxDB: found out about before it is first used, then written to and asked.</summary>
internal sealed class InfluxConnection : IDisposable
{
    private readonly InfluxHttp http;
    private (IInfluxWire Wire, InfluxWriter Writer, InfluxProfile Profile)? ready;

    public InfluxConnection(InfluxOptions options, TimeProvider clock) => http = new InfluxHttp(options, clock);

    /// <summary>Whether it reads only so much time at once.</summary>
    public bool IsSliced => Ready().Profile == InfluxProfile.V3;

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
        ready = (wire, new InfluxWriter(wire, http), verdict.Profile);
    }

    /// <inheritdoc cref="InfluxWriter.WriteAsync(string, LineBatch, CancellationToken)"/>
    public ValueTask WriteAsync(string database, LineBatch lines, CancellationToken cancellation) =>
        Ready().Writer.WriteAsync(database, lines, cancellation);

    /// <inheritdoc cref="IInfluxWire.QueryAsync"/>
    public IAsyncEnumerable<InfluxSeries> QueryAsync(string database, InfluxQuery query, CancellationToken cancellation) =>
        Ready().Wire.QueryAsync(database, query, cancellation);

    public void Dispose()
    {
        ready?.Writer.Dispose();
        http.Dispose();
    }

    private (IInfluxWire Wire, InfluxWriter Writer, InfluxProfile Profile) Ready() =>
        ready ?? throw new StoreUnavailableException($"InfluxDB at {http.Address.Url} was not asked yet what it is; try again");
}
