using System.Globalization;
using Microsoft.AspNetCore.Http;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Influx;

/// <summary>A server that fails for a while: every line is stored in the end, none is called bad.</summary>
public sealed class FaultTests
{
    private const int Lines = 300;

    // How it fails, and what the person reads who looks for the reason.
    private static readonly Dictionary<string, (Func<FakeRequest, WriterRig?, Task> Fault, string Says)> Faults = new()
    {
        ["401"] = (Says(401, """{"error":"authorization failed"}"""), "Store:InfluxDb:Token"),
        ["403"] = (Says(403, """{"error":"\"ro\" user is not authorized to write to database \"city\""}"""), "GRANT ALL ON"),
        ["404"] = (Says(404, """{"error":"database not found: \"city\""}"""), "Store:InfluxDb:Database"),
        ["404 without mapping"] = (Says(404, """{"code":"not found","message":"no dbrp mapping found"}"""), "DBRP"),
        ["408"] = (Says(408), "HTTP 408"),
        ["limit of series"] = (
            Says(400, """{"error":"partial write: max-series-per-database limit exceeded: (10)"}"""), "Raise that limit"),
        ["429"] = (Says(429), "journal"),
        ["429 for seconds"] = (Says(429, "", ("Retry-After", "7")), "HTTP 429"),
        ["429 for minutes"] = (Says(429, "", ("Retry-After", "120")), "HTTP 429"),
        ["429 until a date"] = (
            (request, rig) => request.AnswerAsync(429, "", ("Retry-After", InSeconds(40, rig!))),
            "HTTP 429"),
        ["500 of a full cache"] = (Says(500, """{"error":"engine: cache-max-memory-size exceeded: (2/1)"}"""), "Its own log"),
        ["500 of a missing policy"] = (Says(500, """{"error":"retention policy not found: nope"}"""), "Store:InfluxDb:Database"),
        ["502 page"] = (Says(502, "<html><body>502 Bad Gateway nginx</body></html>"), "502 Bad Gateway nginx"),
        ["503 in words"] = (Says(503, "request throttled, queue full"), "queue full"),
        ["503 for seconds"] = (Says(503, "", ("Retry-After", "1")), "HTTP 503"),
        ["504"] = (Says(504), "HTTP 504"),
        ["a login page"] = (Says(200, "<html>Please log in</html>"), "Store:InfluxDb:Url"),
        ["a redirect"] = (Says(302, "", ("Location", "http://127.0.0.1:1/")), "Store:InfluxDb:Url"),
        ["a reset before the answer"] = ((request, _) => Reset(request), "does not answer"),
        ["a reset in the answer"] = (
            async (request, _) =>
            {
                request.Context.Response.StatusCode = 400;
                request.Context.Response.ContentLength = 1_000;
                await request.Context.Response.WriteAsync("{\"error\":\"parti");
                await request.Context.Response.Body.FlushAsync();
                await Reset(request);
            },
            "does not answer"),
        ["silence"] = (
            (request, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Context.RequestAborted),
            "Store:InfluxDb:TimeoutSeconds"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_fails_for_a_while_is_stored_in_the_end(string name)
    {
        var (stored, requests, fails) = (new StoredLines(), 0, 7);
        WriterRig? self = null;
        await using var rig = self = await WriterRig.StartAsync(
            request => Interlocked.Increment(ref requests) <= fails ? Faults[name].Fault(request, self) : Take(request, stored),
            configure: options => (options.BatchLinesMax, options.TimeoutSeconds) = (100, SecondsOf(name)));
        using var lines = WriterRig.Lines(Lines);

        var (sentences, refused) = await rig.WriteStubbornlyAsync(lines);

        Assert.Null(refused);
        Assert.Empty(stored.MissingOf(Lines));
        Assert.All(sentences, s => Assert.Contains(Faults[name].Says, s, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_fails_for_ever_is_told_in_a_sentence_soon_and_without_the_secret(string name)
    {
        WriterRig? self = null;
        await using var rig = self = await WriterRig.StartAsync(
            request => Faults[name].Fault(request, self),
            configure: options => (options.Token, options.TimeoutSeconds) = ("s3cret-token", SecondsOf(name)));
        using var lines = WriterRig.Lines(2);
        rig.Step = TimeSpan.FromMilliseconds(100); // A request that this machine is slow with must not look like a long one.
        var since = rig.Clock.GetTimestamp();

        var failure = await rig.WriteAsync(lines);

        var sentence = Assert.IsType<StoreUnavailableException>(failure).Message;
        Assert.Contains(Faults[name].Says, sentence, StringComparison.Ordinal);
        Assert.Contains(rig.Fake.Url, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", sentence, StringComparison.Ordinal);
        Assert.InRange(rig.Clock.GetElapsedTime(since).TotalSeconds, 0, 25);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_told_at_once()
    {
        await using var rig = await WriterRig.StartAsync(request => request.AnswerAsync(204), isTls: true);
        using var lines = WriterRig.Lines(2);
        var failure = Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(lines));
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Fake.Requests);
    }

    [Fact]
    public async Task Nobody_is_followed_elsewhere_with_our_credentials()
    {
        await using var rig = await WriterRig.StartAsync(
            request => request.Path == "/write" ? request.AnswerAsync(302, "", ("Location", "/elsewhere")) : request.AnswerAsync(204),
            configure: options => options.Token = "s3cret-token");
        using var lines = WriterRig.Lines(2);
        Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(lines));
        Assert.DoesNotContain(rig.Fake.Requests, request => request.Path == "/elsewhere");
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_halved_and_the_next_ones_are_smaller()
    {
        var stored = new StoredLines();
        await using var rig = await WriterRig.StartAsync(
            request => request.Body.Length > 20_000 ? request.AnswerAsync(413, "<html>413 nginx</html>") : Take(request, stored));
        using var lines = WriterRig.Lines(2_000);
        Assert.Null(await rig.WriteAsync(lines));
        Assert.Empty(stored.MissingOf(2_000));
        rig.Fake.Requests.Clear();
        Assert.Null(await rig.WriteAsync(lines));
        Assert.True(rig.Fake.Requests.All(r => r.Body.Length <= 20_000), "it does not learn");
    }

    [Fact]
    public async Task A_line_that_is_too_large_alone_is_refused_and_the_others_are_stored()
    {
        var stored = new StoredLines();
        await using var rig = await WriterRig.StartAsync(
            request => request.Lines.Any(StoredLines.IsPoison) ? request.AnswerAsync(413) : Take(request, stored));
        using var lines = WriterRig.Lines(20, 7);
        var refused = Assert.IsType<StoreRefusedException>(await rig.WriteAsync(lines));
        Assert.Contains("too large", refused.Message, StringComparison.Ordinal);
        Assert.Equal([7], stored.MissingOf(20));
    }

    [Fact]
    public async Task A_pause_that_was_asked_for_is_kept_by_all_requests()
    {
        var (stored, times) = (new StoredLines(), new List<DateTimeOffset>());
        WriterRig? self = null;
        await using var rig = self = await WriterRig.StartAsync(request =>
        {
            lock (times)
            {
                times.Add(self!.Clock.GetUtcNow());
                return times.Count == 1 ? request.AnswerAsync(429, "", ("Retry-After", "60")) : Take(request, stored);
            }
        });
        using var lines = WriterRig.Lines(10);
        await rig.WriteStubbornlyAsync(lines);
        Assert.Empty(stored.MissingOf(10));
        Assert.InRange((times[1] - times[0]).TotalSeconds, 59, 80);
    }

    [Fact]
    public async Task A_fault_of_one_database_does_not_stop_the_other()
    {
        var stored = new StoredLines();
        await using var rig = await WriterRig.StartAsync(request => request.Query.Contains("db=rollup&", StringComparison.Ordinal)
            ? request.AnswerAsync(404, """{"error":"database not found: \"rollup\""}""")
            : Take(request, stored));
        using var lines = WriterRig.Lines(10);
        Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(lines, "rollup"));
        var asked = rig.Fake.Requests.Count;
        Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(lines, "rollup"));
        Assert.Equal(asked, rig.Fake.Requests.Count);
        Assert.Null(await rig.WriteAsync(lines));
        Assert.Empty(stored.MissingOf(10));
    }

    [Fact]
    public async Task Slow_answers_overlap_up_to_the_bound()
    {
        var (stored, now, most) = (new StoredLines(), 0, 0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await WriterRig.StartAsync(
            async request =>
            {
                var here = Interlocked.Increment(ref now);
                InterlockedMax(ref most, here);
                if (here == 3)
                {
                    // The first ones are answered only once all that may overlap do, and one more would have had the time to come.
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                    gate.TrySetResult();
                }
                await gate.Task;
                Interlocked.Decrement(ref now);
                await Take(request, stored);
            },
            configure: options => (options.BatchLinesMax, options.WritesMax) = (10, 3));
        using var lines = WriterRig.Lines(90);
        Assert.Null(await rig.WriteAsync(lines));
        Assert.Empty(stored.MissingOf(90));
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_link_that_is_too_slow_for_large_requests_gets_small_ones_and_large_ones_when_it_is_well_again()
    {
        const int many = 3_000;
        var (stored, isSlow) = (new StoredLines(), true);
        await using var rig = await WriterRig.StartAsync(
            request => isSlow && request.Lines.Length > many / 3
                ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Context.RequestAborted)
                : Take(request, stored),
            configure: options => options.TimeoutSeconds = 20);
        rig.Step = TimeSpan.FromMilliseconds(100); // A slow moment of this machine must not look like silence.
        using var lines = WriterRig.Lines(many);
        Assert.Null((await rig.WriteStubbornlyAsync(lines)).Refused);
        Assert.Empty(stored.MissingOf(many));
        isSlow = false;
        for (var tries = 0; tries < 10; tries++)
        {
            Assert.Null(await rig.WriteAsync(lines));
        }
        Assert.Equal(many, rig.Fake.Requests.Last().Lines.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(-20_000 * 24)]
    public async Task A_server_that_is_back_is_written_to_though_the_date_was_changed_meanwhile(int hours)
    {
        var (stored, isAway) = (new StoredLines(), true);
        await using var rig = await WriterRig.StartAsync(
            request => isAway ? request.AnswerAsync(503) : Take(request, stored));
        for (var tries = 0; tries < 5; tries++) // Enough for nobody to be asked any more.
        {
            using var lines = WriterRig.Lines(Lines);
            Assert.NotNull(await rig.WriteAsync(lines));
        }
        rig.Date.Ahead = TimeSpan.FromHours(hours);
        isAway = false;
        using var again = WriterRig.Lines(Lines);
        var (sentences, refused) = await rig.WriteStubbornlyAsync(again);
        Assert.Null(refused);
        Assert.InRange(sentences.Count, 0, 2);
        Assert.Equal(Lines, stored.Count);
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_less_and_less()
    {
        await using var rig = await WriterRig.StartAsync(request => Reset(request), configure: o => o.BatchLinesMax = 10);
        using var lines = WriterRig.Lines(100);
        var until = rig.Clock.GetUtcNow().AddMinutes(2);
        while (rig.Clock.GetUtcNow() < until)
        {
            Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(lines));
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        // Without a breaker it would be 10 requests of 5 attempts every few seconds.
        Assert.InRange(rig.Fake.Requests.Count, 5, 120);
    }

    // Elsewhere a slow moment of this machine must not look like silence.
    private static int SecondsOf(string name) => name == "silence" ? 3 : 600;

    private static string InSeconds(int seconds, WriterRig rig) =>
        rig.Clock.GetUtcNow().AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static Func<FakeRequest, WriterRig?, Task> Says(int status, string body = "", params (string, string)[] headers) =>
        (request, _) => request.AnswerAsync(status, body, headers);

    private static Task Reset(FakeRequest request)
    {
        request.Context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>()!.Abort();
        return Task.CompletedTask;
    }

    private static Task Take(FakeRequest request, StoredLines stored)
    {
        stored.Add(request.Lines);
        return request.AnswerAsync(204);
    }
}
