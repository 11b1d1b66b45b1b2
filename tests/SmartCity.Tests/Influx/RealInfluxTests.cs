using CsCheck;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Influx;

/// <summary>The client against a real influxd 1.6 and a real victoria-metrics.</summary>
public sealed class RealInfluxTests
{
    [Fact]
    public async Task Ten_thousand_hostile_texts_and_numbers_come_back_as_they_were()
    {
        await using var server = await InfluxServer.StartAsync();
        await using var client = await RealClient.StartAsync(server.Url);
        await Gen.Select(InfluxGens.Text, InfluxGens.Text, InfluxGens.Number, InfluxGens.Whole).Array[10_000].SampleAsync(
            rows => CheckRoundTripAsync(client, rows), iter: 1, threads: 1);
    }

    [Fact]
    public async Task A_long_series_comes_in_pieces_and_in_order()
    {
        await using var server = await InfluxServer.StartAsync();
        await using var client = await RealClient.StartAsync(server.Url);
        using var many = new LineBatch();
        for (var n = 0; n < 35_000; n++)
        {
            many.Begin("long");
            many.Tag("k", n % 2);
            many.Field("f", n);
            many.End(n);
        }
        await client.Writer.WriteAsync("city", many, CancellationToken.None);
        var (pieces, next) = (0, new long[] { 0, 1 });
        await foreach (var series in client.Wire.QueryAsync(
            "city", new InfluxQuery("SELECT f FROM long GROUP BY k", ["time", "f"], ["k"]), CancellationToken.None))
        {
            pieces++;
            ref var expected = ref next[series.Tag("k") == "0" ? 0 : 1];
            for (var row = 0; row < series.Count; row++, expected += 2)
            {
                Assert.Equal((expected, expected), (series.Int64(row, 0), series.Int64(row, 1)));
            }
        }
        Assert.Equal([35_000, 35_001], next);
        Assert.True(pieces >= 4, $"{pieces} pieces");
    }

    [Fact]
    public async Task The_ends_of_time_can_be_written_and_asked_for()
    {
        await using var server = await InfluxServer.StartAsync();
        await using var client = await RealClient.StartAsync(server.Url);
        using var lines = new LineBatch();
        foreach (var time in new[] { InfluxQl.TimeMin, -1, 0, InfluxQl.TimeMax })
        {
            lines.Begin("m");
            lines.Field("i", time);
            lines.End(time);
        }
        await client.Writer.WriteAsync("city", lines, CancellationToken.None);
        Assert.Equal(
            [InfluxQl.TimeMin, -1, 0, InfluxQl.TimeMax],
            await client.TimesAsync($"SELECT i FROM m WHERE {InfluxQl.Between(long.MinValue, long.MaxValue)}"));
        Assert.Equal([-1], await client.TimesAsync($"SELECT i FROM m WHERE {InfluxQl.Between(-1, 0)}"));
    }

    [Fact]
    public async Task Lines_of_another_type_are_refused_and_the_others_stored()
    {
        await using var server = await InfluxServer.StartAsync();
        await using var client = await RealClient.StartAsync(server.Url);
        using var lines = new LineBatch();
        for (var n = 0; n < 100; n++)
        {
            lines.Begin("m");
            lines.Tag("n", n);
            if (n == 70)
            {
                lines.Field("f", "a text");
            }
            else
            {
                lines.Field("f", n);
            }
            lines.End(n);
        }
        var refused = await Assert.ThrowsAsync<StoreRefusedException>(
            () => client.Writer.WriteAsync("city", lines, CancellationToken.None).AsTask());
        Assert.Contains("n=70", refused.Message, StringComparison.Ordinal);
        Assert.Contains("field type conflict", refused.Message, StringComparison.Ordinal);
        var times = await client.TimesAsync("SELECT f FROM m");
        Assert.Equal(Enumerable.Range(0, 100).Where(n => n != 70).Select(n => (long)n), times.Order());
    }

    [Fact]
    public async Task A_limit_that_is_reached_keeps_the_lines_for_later()
    {
        await using var server = await InfluxServer.StartAsync(settings: ["data: max-values-per-tag = 10"]);
        await using var client = await RealClient.StartAsync(server.Url);
        using var first = WriterRig.Lines(10);
        await client.Writer.WriteAsync("city", first, CancellationToken.None);
        using var lines = WriterRig.Lines(50);
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => client.Writer.WriteAsync("city", lines, CancellationToken.None).AsTask());
        Assert.Contains("max-values-per-tag", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_above_its_limit_is_halved()
    {
        await using var server = await InfluxServer.StartAsync(settings: ["http: max-body-size = 20000"]);
        await using var client = await RealClient.StartAsync(server.Url);
        using var lines = WriterRig.Lines(20_000);
        await client.Writer.WriteAsync("city", lines, CancellationToken.None);
        Assert.Equal(20_000, (await client.TimesAsync("SELECT f FROM m")).Count);
    }

    [Fact]
    public async Task Missing_databases_are_made_where_that_is_allowed()
    {
        await using var server = await InfluxServer.StartAsync(hasUsers: true);
        using var http = RealClient.Http(server.Url, InfluxServer.Admin, InfluxServer.Password);
        var verdict = await new InfluxProbe(http).LookAsync(CancellationToken.None);
        Assert.Equal(("InfluxDB 1", InfluxProfile.V1, null), (verdict.Product, verdict.Profile, verdict.Problem));
        Assert.Contains("rollup", await server.QueryAsync("SHOW DATABASES"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_is_told_what_to_ask_for()
    {
        await using var server = await InfluxServer.StartAsync(hasUsers: true);
        await server.QueryAsync("CREATE USER city WITH PASSWORD 's3cret'");
        Assert.Contains("was not allowed to create it", await ProblemAsync(server, "city", "s3cret"), StringComparison.Ordinal);
        await server.QueryAsync("CREATE DATABASE city");
        await server.QueryAsync("CREATE DATABASE rollup");
        Assert.Contains("HTTP 403", await ProblemAsync(server, "city", "s3cret"), StringComparison.Ordinal);
        await server.QueryAsync("GRANT WRITE ON city TO city");
        Assert.Contains("GRANT ALL ON \"city\"", await ProblemAsync(server, "city", "s3cret"), StringComparison.Ordinal);
        await server.QueryAsync("GRANT ALL ON city TO city");
        Assert.Contains("GRANT ALL ON \"rollup\"", await ProblemAsync(server, "city", "s3cret"), StringComparison.Ordinal);
        await server.QueryAsync("GRANT ALL ON rollup TO city");
        Assert.Equal("", await ProblemAsync(server, "city", "s3cret"));
        Assert.Contains("does not accept our credentials", await ProblemAsync(server, "city", "wrong"), StringComparison.Ordinal);
        Assert.Contains("wants to know who we are", await ProblemAsync(server, "", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_while_the_database_is_killed_is_there_in_the_end()
    {
        await using var server = await InfluxServer.StartAsync();
        await using var client = await RealClient.StartAsync(server.Url, o => o.BatchLinesMax = 100);
        using var stop = new CancellationTokenSource();
        var written = WriteUntilAsync(client, stop.Token);
        for (var kills = 0; kills < 3; kills++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System);
            await server.RestartAsync();
        }
        await stop.CancelAsync();
        var expected = await written;
        Assert.True(expected > 0);
        Assert.Equal(Enumerable.Range(0, expected).Select(n => (long)n), (await client.TimesAsync("SELECT f FROM m")).Order());
    }

    [Fact]
    public async Task VictoriaMetrics_takes_what_is_written()
    {
        await using var server = await VictoriaMetrics.StartAsync();
        await using var client = await RealClient.StartAsync(server.Url, o => o.Profile = InfluxProfile.V1);
        using var lines = new LineBatch();
        for (var n = 0; n < 6_000; n++)
        {
            lines.Begin("meter");
            lines.Tag("port", n % 3);
            lines.Field("watts", n / 8.0);
            lines.End((1_795_404_000_000L + (n * 1_000L)) * 1_000_000);
        }
        await client.Writer.WriteAsync("city", lines, CancellationToken.None);
        await server.FlushAsync();
        var values = (await server.ExportAsync("{__name__=\"meter_watts\"}")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(series => System.Text.Json.JsonDocument.Parse(series).RootElement.GetProperty("values").EnumerateArray())
            .Select(value => value.GetDouble()).Order();
        Assert.Equal(Enumerable.Range(0, 6_000).Select(n => n / 8.0), values);
        using var http = RealClient.Http(server.Url, "", "");
        var verdict = await new InfluxProbe(http).LookAsync(CancellationToken.None);
        Assert.Contains("is no InfluxDB", verdict.Problem, StringComparison.Ordinal);
    }

    private static async Task CheckRoundTripAsync(RealClient client, (string Tag, string Text, double Number, long Whole)[] rows)
    {
        using var lines = new LineBatch();
        for (var n = 0; n < rows.Length; n++)
        {
            lines.Begin("m");
            lines.Tag("k", rows[n].Tag);
            lines.Field("d", rows[n].Number);
            lines.Field("i", rows[n].Whole);
            lines.Field("s", rows[n].Text);
            lines.End(n);
        }
        await client.Writer.WriteAsync("city", lines, CancellationToken.None);

        var seen = new HashSet<long>();
        var query = new InfluxQuery("SELECT d, i, s FROM m GROUP BY k", ["time", "d", "i", "s"], ["k"]);
        await foreach (var series in client.Wire.QueryAsync("city", query, CancellationToken.None))
        {
            for (var row = 0; row < series.Count; row++)
            {
                var n = series.Int64(row, 0)!.Value;
                var (tag, text, number, whole) = rows[n];
                Assert.True(seen.Add(n));
                Assert.Equal((tag, text, whole), (series.Tag("k"), series.Text(row, 3), series.Int64(row, 2)));
                InfluxGens.AssertSame(number, series.Double(row, 1));
            }
        }
        Assert.Equal(rows.Length, seen.Count);
        foreach (var n in Enumerable.Range(0, 200))
        {
            var (tag, text, _, _) = rows[n];
            var isTag = $"{InfluxQl.AnyOf("k", [tag, "none"])} AND {InfluxQl.Between(n, n + 1)}";
            Assert.Equal([n], await client.TimesAsync($"SELECT i FROM m WHERE {isTag} AND s = {InfluxQl.FieldLiteral(text)}"));
        }
    }

    // As ingest does: for ever.
    private static async Task<int> WriteUntilAsync(RealClient client, CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count += 500)
        {
            using var lines = WriterRig.LinesFrom(count, 500);
            for (var isWritten = false; !isWritten;)
            {
                try
                {
                    await client.Writer.WriteAsync("city", lines, CancellationToken.None);
                    isWritten = true;
                }
                catch (StoreUnavailableException)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
                }
            }
        }
        return count;
    }

    private static async Task<string> ProblemAsync(InfluxServer server, string user, string password)
    {
        using var http = RealClient.Http(server.Url, user, password);
        var problem = (await new InfluxProbe(http).LookAsync(CancellationToken.None)).Problem ?? "";
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
        return problem;
    }
}
