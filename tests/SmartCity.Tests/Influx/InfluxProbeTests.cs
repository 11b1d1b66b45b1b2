using Microsoft.Extensions.Time.Testing;
using SmartCity.Storage.Influx;

namespace SmartCity.Tests.Influx;

/// <summary>What a person reads who starts the server with something wrong; by scripted servers of all versions.</summary>
public sealed class InfluxProbeTests
{
    [Theory]
    [InlineData("1.6.7~rc0", "OSS", "V1", "InfluxDB 1")]
    [InlineData("1.8.10", "OSS", "V1", "InfluxDB 1")]
    [InlineData("v2.7.1", "OSS", "V1", "InfluxDB 2")]
    [InlineData("3.1.0", "Core", "V3", "InfluxDB 3 Core")]
    [InlineData("3.0.0-nightly", "Enterprise", "V3", "InfluxDB 3 Enterprise")]
    [InlineData("3.0.1", "cloud2", "V1", "InfluxDB 3 cloud2")]
    public async Task Each_version_is_spoken_to_in_its_own_way(string version, string build, string profile, string product)
    {
        await using var fake = await FakeInflux.StartAsync(request => Good(request, version, build));
        var verdict = await LookAsync(fake);
        Assert.Null(verdict.Problem);
        Assert.Equal((product, version.TrimStart('v'), profile), (verdict.Product, verdict.Version, verdict.Profile.ToString()));
        Assert.Contains(fake.Requests, r => r.Path == (profile == "V3" ? "/api/v3/write_lp" : "/write"));
        Assert.Equal(profile == "V3" ? "Bearer s3cret" : "Basic c21hcnRjaXR5OnMzY3JldA==", fake.Requests.Last().Authorization);
    }

    [Fact]
    public async Task A_version_that_is_only_in_the_body_counts_too()
    {
        await using var fake = await FakeInflux.StartAsync(request => request.Path == "/ping"
            ? request.AnswerAsync(200, """{"product_name":"InfluxDB 3 Core","version":"3.2.0","process_id":"x"}""")
            : Good(request, "", ""));
        Assert.Equal(InfluxProfile.V3, (await LookAsync(fake)).Profile);
    }

    [Fact]
    public async Task What_is_configured_goes_before_what_is_found()
    {
        await using var fake = await FakeInflux.StartAsync(
            request => request.Path == "/ping" ? request.AnswerAsync(404) : Good(request, "", ""));
        var verdict = await LookAsync(fake, o => o.Profile = InfluxProfile.V1);
        Assert.Equal((null, InfluxProfile.V1), (verdict.Problem, verdict.Profile));
        Assert.Contains("Store:InfluxDb:Profile", (await LookAsync(fake)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.9.6", "too old")]
    [InlineData("1.5.2", "too old")]
    public async Task What_is_too_old_is_told(string version, string says)
    {
        await using var fake = await FakeInflux.StartAsync(request => Good(request, version, "OSS"));
        Assert.Contains(says, (await LookAsync(fake)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.7.1", 401, """{"code":"unauthorized","message":"unauthorized access"}""", "Store:InfluxDb:Token")]
    [InlineData("2.7.1", 403, """{"code":"forbidden","message":"insufficient permissions for write"}""", "Store:InfluxDb:Token")]
    [InlineData("2.3.0", 404, """{"code":"not found","message":"no dbrp mapping found"}""", "DBRP mapping")]
    [InlineData("3.1.0", 401, """{"error": "the request was not authenticated"}""", "Store:InfluxDb:Token")]
    [InlineData("2.7.1", 503, "starting", "Its own log")]
    public async Task A_write_that_will_fail_is_told_before_the_first_one(string version, int status, string body, string says)
    {
        await using var fake = await FakeInflux.StartAsync(
            request => request.Path is "/write" or "/api/v3/write_lp"
                ? request.AnswerAsync(status, body)
                : Good(request, version, "OSS"));
        var problem = (await LookAsync(fake)).Problem;
        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_may_only_write_is_told_before_the_first_question()
    {
        await using var fake = await FakeInflux.StartAsync(request => request.Path == "/query"
            ? request.AnswerAsync(403, """{"code":"forbidden","message":"insufficient permissions"}""")
            : Good(request, "2.7.1", "OSS"));
        Assert.Contains("read and write", (await LookAsync(fake)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_3_that_wants_a_token_for_its_version_says_so()
    {
        await using var fake = await FakeInflux.StartAsync(request => request.AnswerAsync(
            401, """{"error": "the request was not authenticated"}""", ("cluster-uuid", "b0f4")));
        Assert.Contains("Store:InfluxDb:Token", (await LookAsync(fake)).Problem, StringComparison.Ordinal);
        Assert.Contains("wants to know who we are", (await LookAsync(fake, o => o.Token = "")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_3_database_that_does_not_exist_yet_is_made_by_the_first_write()
    {
        await using var fake = await FakeInflux.StartAsync(request => request.Path == "/api/v3/query_influxql"
            ? request.AnswerAsync(404, """{"error":"database not found: city"}""")
            : Good(request, "3.1.0", "Core"));
        Assert.Null((await LookAsync(fake)).Problem);
    }

    [Theory]
    [InlineData(404, "404 page not found")]
    [InlineData(200, "<html>nginx</html>")]
    [InlineData(204, "")]
    public async Task What_is_no_InfluxDB_is_told(int status, string body)
    {
        await using var fake = await FakeInflux.StartAsync(request => request.AnswerAsync(status, body));
        var problem = (await LookAsync(fake)).Problem;
        Assert.Contains("is no InfluxDB", problem, StringComparison.Ordinal);
        Assert.Contains("Store:InfluxDb:Url", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_is_told_within_the_patience()
    {
        var options = new InfluxOptions { Url = $"http://root:s3cret@127.0.0.1:{EndToEnd.FreePorts.Take(1)[0]}" };
        using var http = new InfluxHttp(options, TimeProvider.System);
        var problem = (await new InfluxProbe(http).LookAsync(CancellationToken.None)).Problem;
        Assert.Contains("Start InfluxDB", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_keeps_silent_is_told_within_the_patience()
    {
        await using var fake = await FakeInflux.StartAsync(
            request => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Context.RequestAborted));
        var problem = (await LookAsync(fake, o => o.TimeoutSeconds = 1, TimeProvider.System)).Problem;
        Assert.Contains("no answer for 1 s", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:8086")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://127.0.0.1:8086?db=x")]
    [InlineData("")]
    public void An_address_that_is_none_is_told_without_a_request(string url) =>
        Assert.Contains("Store:InfluxDb:Url", InfluxAddress.ProblemOf(new InfluxOptions { Url = url }), StringComparison.Ordinal);

    [Fact]
    public void A_token_of_two_lines_is_told_and_a_line_break_at_its_end_is_not_part_of_it()
    {
        Assert.NotNull(InfluxAddress.ProblemOf(new InfluxOptions { Token = "a\nb" }));
        var address = InfluxAddress.Parse(new InfluxOptions { Token = "abc\n" });
        Assert.Equal("Bearer abc", address.Authorization(InfluxProfile.V3)!.ToString());
    }

    [Fact]
    public async Task A_path_in_the_address_goes_before_each_request()
    {
        await using var fake = await FakeInflux.StartAsync(request => Good(request, "2.7.1", "OSS"));
        await LookAsync(fake, o => o.Url += "/influx/");
        Assert.Contains(fake.Requests, r => r.Path == "/influx/ping");
    }

    // Unless a test is about patience, a machine that is busy with other tests must not use it up.
    private static async Task<InfluxVerdict> LookAsync(
        FakeInflux fake, Action<InfluxOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new InfluxOptions { Url = fake.Url, Database = "city", RollupDatabase = "rollup", Token = "s3cret" };
        configure?.Invoke(options);
        using var http = new InfluxHttp(options, clock ?? new FakeTimeProvider());
        return await new InfluxProbe(http).LookAsync(CancellationToken.None);
    }

    private static Task Good(FakeRequest request, string version, string build) => request.Path.Split('/')[^1] switch
    {
        "ping" => request.AnswerAsync(204, "", ("X-Influxdb-Version", version), ("X-Influxdb-Build", build)),
        "write" => request.AnswerAsync(204),
        "write_lp" => request.AnswerAsync(400, "incoming write was empty"),
        "query" => request.AnswerAsync(200, """{"results":[{"statement_id":0}]}"""),
        _ => request.AnswerAsync(200),
    };
}
