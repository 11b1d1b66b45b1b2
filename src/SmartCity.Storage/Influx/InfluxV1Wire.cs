namespace SmartCity.Storage.Influx;

/// <summary><c>/write</c> and <c>/query</c>.</summary>
internal sealed class InfluxV1Wire(InfluxHttp http) : IInfluxWire
{
    /// <inheritdoc/>
    public ValueTask<WriteOutcome> WriteAsync(string database, ReadOnlyMemory<byte> lines, CancellationToken cancellation) =>
        WriteRequest.SendAsync(
            http, $"/write?db={Uri.EscapeDataString(database)}&precision=ns", InfluxProfile.V1, lines, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<InfluxSeries> QueryAsync(string database, InfluxQuery query, CancellationToken cancellation)
    {
        var form = new Dictionary<string, string>
        {
            ["db"] = database, ["q"] = query.Statement, ["epoch"] = "ns", ["chunked"] = "true", ["chunk_size"] = "10000",
        };
        return QueryAnswer.ReadAsync(
            http, database, token => http.SendAsync(
                HttpMethod.Post, "/query", new FormUrlEncodedContent(form), InfluxProfile.V1, token),
            new V1AnswerParser(query), cancellation);
    }
}
