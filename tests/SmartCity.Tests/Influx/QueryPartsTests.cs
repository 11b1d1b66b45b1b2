using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Influx;

/// <summary>A database that reads only so much at once, as InfluxDB 3 does: scripted, since it cannot be had here.</summary>
public sealed partial class QueryPartsTests
{
    private const long Day = 86_400_000;
    private static readonly long First = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    // Days since then on which there is a row.
    private static readonly long[] Days =
        [.. Enumerable.Range(0, 40).Concat(Enumerable.Range(200, 40)).Select(day => (long)day)];

    private static readonly InfluxSpanQuery Everything = new(
        Instant.Min, Instant.Max,
        (from, until) => new InfluxQuery($"SELECT \"x\" FROM \"m\" WHERE {PointQueries.Between(from, until)}", "time", "x"));

    [Fact]
    public async Task A_span_that_is_too_long_is_read_in_parts_and_each_row_comes_once_the_last_part_first()
    {
        await using var fake = await StartAsync(rowsMax: 3);
        using var connection = await ConnectAsync(fake);

        var rows = await ReadAsync(connection, Everything);
        Assert.Equal(Days.Length, rows.Count);
        Assert.Equal(Days.Order(), rows.Order());
        Assert.True(rows.IndexOf(239) < rows.IndexOf(0));
        Assert.InRange(fake.Requests.Count, 30, 200); // 585 years of three days each would be seventy thousand.
    }

    [Fact]
    public async Task What_can_be_read_at_once_is_asked_for_once_in_the_words_of_the_question()
    {
        await using var fake = await StartAsync(rowsMax: int.MaxValue);
        using var connection = await ConnectAsync(fake);
        var before = fake.Requests.Count;

        Assert.Equal(Days.Length, (await ReadAsync(connection, Everything)).Count);
        Assert.Equal(before + 1, fake.Requests.Count);
        Assert.Contains(PointQueries.Between(Instant.Min, Instant.Max), Statement(fake.Requests.Last()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_reads_nothing_at_all_is_told_apart()
    {
        await using var fake = await StartAsync(rowsMax: -1);
        using var connection = await ConnectAsync(fake);
        var before = fake.Requests.Count;

        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(connection, Everything));
        Assert.Contains("--query-file-limit", e.Message, StringComparison.Ordinal);
        Assert.InRange(fake.Requests.Count - before, 20, 60);
    }

    private static async Task<List<long>> ReadAsync(InfluxConnection connection, InfluxSpanQuery query)
    {
        var rows = new List<long>();
        await foreach (var series in connection.QueryAsync("city", query, CancellationToken.None))
        {
            rows.AddRange(Enumerable.Range(0, series.Count).Select(row => series.Int64(row, 1)!.Value));
        }
        return rows;
    }

    private static async Task<InfluxConnection> ConnectAsync(FakeInflux fake)
    {
        var connection = new InfluxConnection(new InfluxOptions { Url = fake.Url, Token = "t", Database = "city" }, TimeProvider.System);
        await connection.EnsureReadyAsync(CancellationToken.None);
        return connection;
    }

    private static Task<FakeInflux> StartAsync(int rowsMax) => FakeInflux.StartAsync(request => request switch
    {
        { Path: "/ping" } => request.AnswerAsync(
            200, """{"version":"3.1.0"}""", ("X-Influxdb-Version", "3.1.0"), ("X-Influxdb-Build", "Core")),
        { Path: "/api/v3/query_influxql" } when Span().Match(Statement(request)) is { Success: true } span => AnswerAsync(
            request, rowsMax, long.Parse(span.Groups[1].Value, CultureInfo.InvariantCulture) / 1_000_000,
            long.Parse(span.Groups[2].Value, CultureInfo.InvariantCulture) / 1_000_000),
        { Path: "/api/v3/query_influxql" } => request.AnswerAsync(200),
        _ => request.AnswerAsync(400, """{"error":"incoming write was empty"}"""),
    });

    private static Task AnswerAsync(FakeRequest request, int rowsMax, long from, long until)
    {
        var days = Days.Where(day => First + (day * Day) >= from && First + (day * Day) < until).ToList();
        return days.Count > rowsMax
            ? request.AnswerAsync(400, "Query would exceed file limit of 432 parquet files")
            : request.AnswerAsync(200, string.Join('\n', days.Select(Row)));
    }

    private static string Row(long day)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(First + (day * Day)).ToString("s", CultureInfo.InvariantCulture);
        return $$"""{"iox::measurement":"m","time":"{{time}}","x":{{day}}}""";
    }

    private static string Statement(FakeRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("q").GetString()!;

    [GeneratedRegex("time >= (-?[0-9]+) AND time <=? ?(-?[0-9]+)")]
    private static partial Regex Span();
}
