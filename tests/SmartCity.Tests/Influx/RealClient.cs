using SmartCity.Storage.Influx;

namespace SmartCity.Tests.Influx;

/// <summary>The client at a real server, with databases city and rollup.</summary>
internal sealed class RealClient : IAsyncDisposable
{
    private readonly InfluxHttp http;

    private RealClient(InfluxHttp http)
    {
        this.http = http;
        Wire = new InfluxV1Wire(http);
        Writer = new InfluxWriter(Wire, http);
    }

    public IInfluxWire Wire { get; }

    public InfluxWriter Writer { get; }

    public static async Task<RealClient> StartAsync(string url, Action<InfluxOptions>? configure = null)
    {
        var client = new RealClient(Http(url, "", "", configure));
        if (client.http.Options.Profile == InfluxProfile.Auto)
        {
            Assert.Null((await new InfluxProbe(client.http).LookAsync(CancellationToken.None)).Problem);
        }
        return client;
    }

    public static InfluxHttp Http(string url, string user, string password, Action<InfluxOptions>? configure = null)
    {
        var options = new InfluxOptions
        {
            Url = url, Database = "city", RollupDatabase = "rollup", User = user, Password = password,
        };
        configure?.Invoke(options);
        return new InfluxHttp(options, TimeProvider.System);
    }

    /// <summary>The times of the rows of an answer.</summary>
    public async Task<List<long>> TimesAsync(string statement)
    {
        var times = new List<long>();
        await foreach (var series in Wire.QueryAsync("city", new InfluxQuery(statement, "time"), CancellationToken.None))
        {
            times.AddRange(Enumerable.Range(0, series.Count).Select(row => series.Int64(row, 0)!.Value));
        }
        return times;
    }

    public ValueTask DisposeAsync()
    {
        Writer.Dispose();
        http.Dispose();
        return ValueTask.CompletedTask;
    }
}
