using System.Net.Http.Headers;
using System.Text.Json;

namespace SmartCity.Storage.Influx;

/// <summary><c>/api/v3/write_lp</c> and <c>/api/v3/query_influxql</c>.</summary>
internal sealed class InfluxV3Wire(InfluxHttp http) : IInfluxWire
{
    /// <inheritdoc/>
    public ValueTask<WriteOutcome> WriteAsync(string database, ReadOnlyMemory<byte> lines, CancellationToken cancellation) =>
        WriteRequest.SendAsync(
            http, $"/api/v3/write_lp?db={Uri.EscapeDataString(database)}&precision=nanosecond", InfluxProfile.V3, lines,
            cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<InfluxSeries> QueryAsync(string database, InfluxQuery query, CancellationToken cancellation) =>
        QueryAnswer.ReadAsync(
            http, database, token => http.SendAsync(
                HttpMethod.Post, "/api/v3/query_influxql", Body(database, query.Statement), InfluxProfile.V3, token),
            new V3AnswerParser(query), cancellation);

    private static ByteArrayContent Body(string database, string statement)
    {
        var body = new Dictionary<string, string> { ["db"] = database, ["q"] = statement, ["format"] = "jsonl" };
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
