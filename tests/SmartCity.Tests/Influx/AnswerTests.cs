using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Influx;

/// <summary>How answers to queries are read: what each version sends, wherever the network cuts it, and what must not pass for an
/// answer.</summary>
public sealed class AnswerTests
{
    private static readonly InfluxQuery Query = new("SELECT ...", ["time", "i", "d", "b", "s"], ["pile", "port"]);

    [Fact]
    public async Task V1_rows_are_what_was_sent_in_any_chunks()
    {
        await using var fake = await FakeInflux.StartAsync();
        using var http = Http(fake);
        var random = new Random(1);
        foreach (var rows in new[] { 1, 100, 10_000, 10_001 })
        {
            var bytes = Encoding.UTF8.GetBytes(
                Chunk("P-1", 0, rows, isPartial: true) + Chunk("P-1", rows, rows, isPartial: true) + Chunk("P-2", 0, 1, false));
            fake.Answer = request => SendInPiecesAsync(request, bytes, random);
            var seen = new List<(string?, long)>();
            await foreach (var series in new InfluxV1Wire(http).QueryAsync("city", Query, CancellationToken.None))
            {
                Assert.InRange(series.Count, 1, InfluxSeries.RowsMax);
                for (var row = 0; row < series.Count; row++)
                {
                    AssertRow(series, row);
                    seen.Add((series.Tag("pile"), series.Int64(row, 0)!.Value));
                }
                Assert.Null(series.Tag("port"));
            }
            Assert.Equal([.. Enumerable.Range(0, 2 * rows).Select(n => ((string?)"P-1", (long)n)), ("P-2", 0)], seen);
        }
    }

    [Fact]
    public async Task V3_rows_are_what_was_sent_and_a_series_ends_where_its_tags_change()
    {
        await using var fake = await FakeInflux.StartAsync();
        using var http = Http(fake);
        var random = new Random(2);
        foreach (var (piles, rows) in new[] { (1, 1), (3, 1), (3, 2), (2, 10_001), (50, 3) })
        {
            (string? Pile, long N)[] all =
                [.. Enumerable.Range(0, piles).SelectMany(pile => Enumerable.Range(0, rows).Select(n => ((string?)$"P-{pile}", (long)n)))];
            var bytes = Encoding.UTF8.GetBytes(string.Concat(all.Select(row => V3Row(row.Pile!, row.N))));
            fake.Answer = request => SendInPiecesAsync(request, bytes, random);
            var seen = new List<(string?, long)>();
            await foreach (var series in new InfluxV3Wire(http).QueryAsync("city", Query, CancellationToken.None))
            {
                Assert.InRange(series.Count, 1, InfluxSeries.RowsMax);
                Assert.Equal(("m", null), (series.Measurement, series.Tag("port")));
                for (var row = 0; row < series.Count; row++)
                {
                    AssertRow(series, row);
                    seen.Add((series.Tag("pile"), series.Int64(row, 0)!.Value));
                }
            }
            Assert.Equal(all, seen);
            Assert.Contains("\"format\":\"jsonl\"", fake.Requests.Last().Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Numbers_and_texts_of_an_answer_are_exact() =>
        await Gen.Select(InfluxGens.Whole, InfluxGens.Number, InfluxGens.Text).Array[500]
            .SampleAsync(CheckExactAsync, iter: 5, threads: 1);

    [Theory]
    [InlineData("""{"results":[{"statement_id":0}]}""")]
    [InlineData("""{"results":[{"statement_id":0,"series":[]}]}""")]
    [InlineData("""{"results":[{"statement_id":0,"series":null,"messages":[{"level":"warning","text":"x"}]}]}""")]
    [InlineData("""{"results":[{"series":[{"name":"m","tags":null,"columns":["time","i","d","b","s"],"values":null}]}]}""")]
    public async Task Nothing_is_an_answer_too(string body) => Assert.Empty(await CountsAsync(InfluxProfile.V1, 200, body));

    [Fact]
    public async Task Nothing_is_an_answer_of_V3_too() => Assert.Empty(await CountsAsync(InfluxProfile.V3, 200, ""));

    [Theory]
    [InlineData("""{"pile":"P","port":null}""")]
    [InlineData("""{"port":"","pile":"P","more":"x"}""")]
    [InlineData("""{"pile":"P"}""")]
    public async Task A_tag_that_a_series_has_not_is_null(string tags)
    {
        await using var fake = await FakeInflux.StartAsync(request => request.AnswerAsync(
            200, Answer("[1,2,3,true,\"x\"]").Replace("\"name\":\"m\"", $"\"name\":\"m\",\"tags\":{tags}", StringComparison.Ordinal)));
        using var http = Http(fake);
        await foreach (var series in new InfluxV1Wire(http).QueryAsync("city", Query, CancellationToken.None))
        {
            Assert.Equal(("P", null), (series.Tag("pile"), series.Tag("port")));
            Assert.Throws<ArgumentException>(() => series.Tag("truck"));
            Assert.Throws<ArgumentOutOfRangeException>(() => series.Int64(1, 0));
            Assert.Throws<ArgumentOutOfRangeException>(() => series.Int64(0, 5));
            Assert.Throws<StoreUnavailableException>(() => series.Text(0, 1));
            Assert.Throws<StoreUnavailableException>(() => series.Boolean(0, 1));
            Assert.Throws<StoreUnavailableException>(() => series.Double(0, 4));
        }
    }

    [Theory]
    [InlineData("V1", 200, "", "in the middle")]
    [InlineData("V1", 200, "json: error calling MarshalJSON for type *query.Result: json: unsupported value: +Inf", "json: error")]
    [InlineData("V1", 200, """{"error":"json: unsupported value: +Inf"}""", "unsupported value")]
    [InlineData("V1", 200, """{"results":[{"statement_id":0,"error":"database not found: city"}]}""", "CREATE DATABASE")]
    [InlineData("V1", 200, """{"results":[{"statement_id":0,"error":"shard is closed"}]}""", "shard is closed")]
    [InlineData("V1", 200, """{"results":[{"series":[{"name":"m","columns":["time"],"val""", "column")]
    [InlineData("V1", 200, """{"results":[{"series":[],"partial":true}]}""", "in the middle")]
    [InlineData("V1", 200, """{"results":[{"series":[{"name":"m","columns":["time","i"],"values":[[1,2]]}]}]}""", "column")]
    [InlineData("V1", 200, """{"results":[{"series":[{"name":"m","values":[[1,2]]}]}]}""", "columns")]
    [InlineData("V1", 200, """{"results":{"a":1}}""", "no InfluxDB")]
    [InlineData("V1", 200, """[1]""", "no InfluxDB")]
    [InlineData("V1", 200, """5""", "no InfluxDB")]
    [InlineData("V1", 200, """<html>Please log in</html>""", "Please log in")]
    [InlineData("V1", 302, "", "Store:InfluxDb:Url")]
    [InlineData("V1", 400, """{"error":"error parsing query: found EOF"}""", "error parsing query")]
    [InlineData("V1", 401, """{"error":"authorization failed"}""", "Store:InfluxDb:Token")]
    [InlineData("V1", 403, """{"error":"error authorizing query: x"}""", "GRANT")]
    [InlineData("V1", 404, "database not found", "Store:InfluxDb:Database")]
    [InlineData("V1", 500, "boom", "Its own log")]
    [InlineData("V1", 503, "<html>503</html>", "HTTP 503")]
    [InlineData("V3", 200, """{"time":"2022-01-01T09:00:00","i":1}{"error":"late failure"}""", "late failure")]
    [InlineData("V3", 200, """{"time":"2022-01-01T09:00:00","i":1""", "in the middle")]
    [InlineData("V3", 200, """{"time":"yesterday"}""", "no InfluxDB")]
    [InlineData("V3", 200, """{"time":"2022-13-01T09:00:00"}""", "no InfluxDB")]
    [InlineData("V3", 200, """{"time":"9999-01-01T09:00:00"}""", "no InfluxDB")]
    [InlineData("V3", 200, """[{"i":1}]""", "no InfluxDB")]
    [InlineData("V3", 200, "<html>", "no InfluxDB")]
    [InlineData("V3", 401, """{"error": "the request was not authenticated"}""", "Store:InfluxDb:Token")]
    [InlineData("V3", 404, """{"error":"database not found: city"}""", "Store:InfluxDb:Database")]
    public async Task What_is_no_answer_is_told_as_such(string profile, int status, string body, string says)
    {
        var wire = Enum.Parse<InfluxProfile>(profile);
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => CountsAsync(wire, status, body));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,2,3,true,\"x\",6]", "more values")]
    [InlineData("[1,{\"a\":1}]", "list or an object")]
    [InlineData("[1,2,3,true,\"\\ud800\"]", "no InfluxDB")]
    [InlineData("{\"time\":1}", "no InfluxDB")]
    [InlineData("7", "no InfluxDB")]
    public async Task A_row_that_is_none_is_told_as_such(string row, string says)
    {
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => CountsAsync(InfluxProfile.V1, 200, Answer($"[1],{row}")));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "in the middle")]
    [InlineData(20, "in the middle")]
    public async Task An_answer_that_breaks_off_is_told_as_such(int missing, string says)
    {
        var body = Answer("[1,2,3,true,\"x\"],[2,2,3,true,\"x\"]");
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => CountsAsync(InfluxProfile.V1, 200, body[..^missing]));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_the_server_keeps_back_are_missed()
    {
        var body = Answer("[1,2,3,true,\"x\"]").Replace("]]}", "]],\"partial\":true}", StringComparison.Ordinal);
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => CountsAsync(InfluxProfile.V1, 200, body));
        Assert.Contains("max-row-limit", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_of_a_server_are_shown_without_our_secrets_and_without_what_a_terminal_obeys()
    {
        var options = new InfluxOptions { Token = "a-secret-token", TimeoutSeconds = 5 };
        await using var fake = await FakeInflux.StartAsync(request => request.AnswerAsync(
            request.Body.Contains("SHOW", StringComparison.Ordinal) ? 200 : 500, $"\u001b[31m{request.Authorization}"));
        options.Url = fake.Url;
        using var http = new InfluxHttp(options, TimeProvider.System);
        for (var n = 0; n < 4; n++)
        {
            var wire = InfluxProbe.WireOf(http, n < 2 ? InfluxProfile.V1 : InfluxProfile.V3);
            var statement = n % 2 == 0 ? "SHOW" : "SELECT";
            var e = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            {
                await foreach (var _ in wire.QueryAsync("city", new InfluxQuery(statement, "x"), CancellationToken.None))
                {
                }
            });
            Assert.Contains("***", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-token", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(fake.Requests.Last().Authorization.Split(' ')[1], e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', e.Message);
        }
    }

    [Theory]
    [InlineData(400, "Query would exceed file limit of 432 parquet files, exceeding the file limit")]
    [InlineData(200, """{"results":[{"error":"max-select-point limit exceeed: (10/5)"}]}""")]
    public async Task Too_much_at_once_is_told_apart(int status, string body) =>
        await Assert.ThrowsAsync<InfluxSliceException>(() => CountsAsync(InfluxProfile.V1, status, body));

    [Fact]
    public async Task An_answer_that_stops_is_given_up_and_one_that_is_merely_long_is_not()
    {
        var clock = new FakeTimeProvider();
        using var read = new SemaphoreSlim(0);
        await using var fake = await FakeInflux.StartAsync(async request =>
        {
            for (var n = 0; n < 4; n++)
            {
                await request.Context.Response.WriteAsync(Chunk("P-1", n, 1, isPartial: true));
                await request.Context.Response.Body.FlushAsync();
                await read.WaitAsync(request.Context.RequestAborted);
                clock.Advance(TimeSpan.FromSeconds(20)); // Longer than the patience in total.
            }
            while (!request.Context.RequestAborted.IsCancellationRequested)
            {
                clock.Advance(TimeSpan.FromSeconds(20));
                await Task.Yield();
            }
        });
        using var http = Http(fake, clock);
        var rows = 0;
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            await foreach (var series in new InfluxV1Wire(http).QueryAsync("city", Query, CancellationToken.None))
            {
                rows += series.Count;
                read.Release();
            }
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("TimeoutSeconds", e.Message, StringComparison.Ordinal);
        Assert.Equal(4, rows);
    }

    [Fact]
    public async Task Whoever_stops_reading_stops_the_query()
    {
        await using var fake = await FakeInflux.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Chunk("P-1", 0, 30_000, true), Chunk("P-1", 0, 1, false)));
        fake.Answer = request => request.Context.Response.Body.WriteAsync(bytes, request.Context.RequestAborted).AsTask();
        using var http = Http(fake);
        await foreach (var _ in new InfluxV1Wire(http).QueryAsync("city", Query, CancellationToken.None))
        {
            break;
        }
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new InfluxV1Wire(http).QueryAsync("city", Query, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    [Theory]
    [InlineData("2022-01-01T09:00:00", 1_641_027_600_000_000_000)]
    [InlineData("2022-01-01T09:00:00Z", 1_641_027_600_000_000_000)]
    [InlineData("2022-01-01T09:00:00.1", 1_641_027_600_100_000_000)]
    [InlineData("2022-01-01T09:00:00.123456789", 1_641_027_600_123_456_789)]
    [InlineData("1969-12-31T23:59:59.999999999", -1)]
    [InlineData("1677-09-21T00:12:43.145224194", InfluxQl.TimeMin)]
    [InlineData("2262-04-11T23:47:16.854775806Z", InfluxQl.TimeMax)]
    public void Times_of_V3_are_exact(string text, long expected) =>
        Assert.Equal(expected, InfluxTime.Parse(Encoding.UTF8.GetBytes(text)));

    private static async Task CheckExactAsync((long Whole, double Number, string Text)[] rows)
    {
        var values = rows.Select((r, n) => string.Create(
            CultureInfo.InvariantCulture, $"[{n},{r.Whole},{r.Number:R},null,{Json(InfluxText.StoredField(r.Text))}]"));
        var body = Answer(string.Join(',', values));
        await using var fake = await FakeInflux.StartAsync(request => request.AnswerAsync(200, body));
        using var http = Http(fake);
        await foreach (var series in new InfluxV1Wire(http).QueryAsync("city", Query, CancellationToken.None))
        {
            Assert.Equal(rows.Length, series.Count);
            for (var row = 0; row < rows.Length; row++)
            {
                Assert.Equal((rows[row].Whole, rows[row].Text), (series.Int64(row, 1), series.Text(row, 4)));
                InfluxGens.AssertSame(rows[row].Number, series.Double(row, 2));
                Assert.Null(series.Boolean(row, 3));
            }
        }
    }

    private static InfluxHttp Http(FakeInflux fake, TimeProvider? clock = null) => new(
        new InfluxOptions { Url = fake.Url, Database = "city", Token = "a-secret-token" }, clock ?? TimeProvider.System);

    private static async Task<List<int>> CountsAsync(InfluxProfile profile, int status, string body)
    {
        await using var fake = await FakeInflux.StartAsync(request => request.AnswerAsync(status, body));
        using var http = Http(fake);
        var counts = new List<int>();
        await foreach (var series in InfluxProbe.WireOf(http, profile).QueryAsync("city", Query, CancellationToken.None))
        {
            counts.Add(series.Count);
        }
        return counts;
    }

    private static async Task SendInPiecesAsync(FakeRequest request, byte[] bytes, Random random)
    {
        for (int at = 0, count; at < bytes.Length; at += count)
        {
            count = Math.Min(random.Next(1, bytes.Length < 20_000 ? 200 : 100_000), bytes.Length - at);
            await request.Context.Response.Body.WriteAsync(bytes.AsMemory(at, count));
            await request.Context.Response.Body.FlushAsync();
        }
    }

    private static string Chunk(string pile, int first, int count, bool isPartial)
    {
        var values = Enumerable.Range(first, count).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"[{n},{WholeOrNull(n)},{Number(n):R},{Truth(n)},{TextOrNull(n)}]"));
        var partial = isPartial ? ",\"partial\":true" : "";
        return $$$"""
            {"results":[{"statement_id":0,"series":[{"name":"m","tags":{"pile":"{{{pile}}}","port":""},
            "columns":["time","i","d","b","s"],"values":[{{{string.Join(',', values)}}}]{{{partial}}}}]{{{partial}}}}]}

            """;
    }

    private static string Answer(string rows) =>
        """{"results":[{"series":[{"name":"m","columns":["time","i","d","b","s"],"values":[""" + rows + "]}]}]}";

    private static string V3Row(string pile, long n)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"1970-01-01T00:00:00.{n:d9}");
        var whole = n % 3 == 0 ? "" : $",\"i\":{WholeOrNull(n)}";
        var text = n % 2 == 0 ? "" : $",\"s\":{TextOrNull(n)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"iox::measurement":"m","time":"{{time}}","pile":"{{pile}}"{{whole}}{{text}},"d":{{Number(n):R}},"b":{{Truth(n)}},
            "other":[1,{}]}

            """);
    }

    private static void AssertRow(InfluxSeries series, int row)
    {
        var n = series.Int64(row, 0)!.Value;
        Assert.Equal(n % 3 == 0 ? null : long.Parse(WholeOrNull(n), CultureInfo.InvariantCulture), series.Int64(row, 1));
        Assert.Equal(Number(n), series.Double(row, 2));
        Assert.Equal(n % 5 == 0, series.Boolean(row, 3));
        Assert.Equal(n % 2 == 0 ? null : $"t\n{n}", series.Text(row, 4));
    }

    private static string WholeOrNull(long n) =>
        n % 3 == 0 ? "null" : (9_007_199_254_740_993 + n).ToString(CultureInfo.InvariantCulture);

    private static string TextOrNull(long n) => n % 2 == 0 ? "null" : Json($"t\n{n}");

    private static string Truth(long n) => n % 5 == 0 ? "true" : "false";

    private static double Number(long n) => n * 1.1;

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
