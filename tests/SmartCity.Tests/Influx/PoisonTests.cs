using System.Text.Json;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Influx;

/// <summary>One bad line among 5,000: it is found, and the others are stored, whatever the version answers.</summary>
public sealed class PoisonTests
{
    private const int Lines = 5_000;
    private const int RequestsMax = 13;

    public static TheoryData<string> Answers => [.. Refusals.Keys];

    // What a server does with lines of which some are bad.
    private static readonly Dictionary<string, (InfluxProfile Profile, Refusal Answer)> Refusals = new()
    {
        ["1.x keeps the good lines"] = (InfluxProfile.V1, (request, stored, bad) => Kept(request, stored, 400,
            $$"""{"error":"partial write: unable to parse '{{bad[0]}}': invalid field format dropped=0"}""")),
        ["1.x field type conflict"] = (InfluxProfile.V1, (request, stored, _) => Kept(request, stored, 400,
            """{"error":"partial write: field type conflict: input field \"f\" on measurement \"m\" is type string dropped=1"}""")),
        ["2.x writes nothing"] = (InfluxProfile.V1, (request, _, bad) => request.AnswerAsync(400,
            $$"""{"code":"invalid","message":"unable to parse '{{bad[0]}}': missing field value"}""")),
        ["2.x keeps the good lines"] = (InfluxProfile.V1, (request, stored, _) => Kept(request, stored, 422,
            """{"message":"failure writing points to database: partial write: field type conflict: input field \"f\" dropped=1"}""")),
        ["3.x /write writes nothing"] = (InfluxProfile.V1, (request, _, _) => request.AnswerAsync(400,
            """{"error":"parsing failed for write_lp endpoint"}""")),
        ["3.x names the lines and keeps the good ones"] = (InfluxProfile.V3, (request, stored, bad) => Kept(request, stored, 400,
            JsonSerializer.Serialize(new
            {
                error = "partial write of line protocol occurred",
                data = bad.Select(line => Described(request, line)),
            }))),
        ["3.x names the line and writes nothing"] = (InfluxProfile.V3, (request, _, bad) => request.AnswerAsync(400,
            JsonSerializer.Serialize(new
            {
                error = "parsing failed for write_lp endpoint",
                data = Described(request, bad[0]),
            }))),
        ["3.0 fails with 500"] = (InfluxProfile.V1, (request, _, bad) => request.AnswerAsync(500,
            $$"""{"error":"parsing failed: {{bad[0]}}"}""")),
        ["something says no without a word"] = (InfluxProfile.V1, (request, _, _) => request.AnswerAsync(400)),
    };

    private delegate Task Refusal(FakeRequest request, StoredLines stored, string[] bad);

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task One_bad_line_is_found_in_13_further_requests_and_all_others_are_stored(string answer)
    {
        foreach (var poison in new[] { 0, 2_499, 2_500, 3_127, 4_999 })
        {
            var stored = new StoredLines();
            await using var rig = await StartAsync(answer, stored);
            using var lines = WriterRig.Lines(Lines, poison);
            using var good = WriterRig.LinesFrom(Lines, 1);
            Assert.Null(await rig.WriteAsync(good)); // It has taken something before.
            rig.Fake.Requests.Clear();

            var (_, refused) = await rig.WriteStubbornlyAsync(lines);

            Assert.NotNull(refused);
            Assert.Contains($"m,n={poison} ", refused.Message, StringComparison.Ordinal);
            Assert.True(stored.MissingOf(Lines) is [var missing] && missing == poison, $"{poison}: {stored.Count} stored");
            // Failures are believed to be the content's only after some more of the same.
            var isAfter500 = answer.Contains("500", StringComparison.Ordinal) ? 2 * WriteAttempts.SameFailuresMax : 0;
            // The whole, the search, the lines after it; and where nothing blames the content, the line alone and another one.
            Assert.InRange(rig.Fake.Requests.Count, 1, 1 + isAfter500 + RequestsMax + 3);
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Where_halves_isolate_messages_only_the_bad_ones_of_several_are_missing(string answer)
    {
        var stored = new StoredLines();
        await using var rig = await StartAsync(answer, stored);
        int[] poison = [3, 4, 31];
        using var good = WriterRig.LinesFrom(Lines, 1);
        Assert.Null(await rig.WriteAsync(good));

        await WriteAsIngestDoesAsync(rig, poison, 0, 32);

        Assert.Equal(poison, stored.MissingOf(32));
    }

    [Fact]
    public async Task A_database_that_takes_nothing_at_all_is_out_of_order_and_refuses_no_line()
    {
        foreach (var status in new[] { 400, 500 })
        {
            await using var rig = await WriterRig.StartAsync(request => request.AnswerAsync(status, "no"));
            using var lines = WriterRig.Lines(100);
            Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(lines));
            using var one = WriterRig.Lines(1);
            Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(one));
        }
    }

    [Theory]
    [InlineData("internal error", 2)]
    [InlineData("internal error", 5)]
    [InlineData("engine: cache-max-memory-size exceeded: (2/1)", 2)]
    [InlineData("engine: cache-max-memory-size exceeded: (2/1)", 9)]
    public async Task A_server_that_fails_now_and_then_refuses_no_line(string body, int every)
    {
        var (stored, requests) = (new StoredLines(), 0);
        await using var rig = await WriterRig.StartAsync(request => Interlocked.Increment(ref requests) % every == 0
            ? Kept(request, stored, 204, "")
            : request.AnswerAsync(500, body));
        using var lines = WriterRig.Lines(64);
        for (var rounds = 0; rounds < 3; rounds++)
        {
            Assert.Null((await rig.WriteStubbornlyAsync(lines)).Refused);
        }
        Assert.Empty(stored.MissingOf(64));
    }

    [Fact]
    public async Task A_database_that_takes_only_requests_without_a_line_refuses_no_line()
    {
        await using var rig = await WriterRig.StartAsync(request => request.AnswerAsync(request.Lines.Length == 0 ? 204 : 400, "no"));
        using var one = WriterRig.Lines(1);
        Assert.IsType<StoreUnavailableException>(await rig.WriteAsync(one));
    }

    [Fact]
    public async Task A_line_that_the_database_fails_on_slowly_is_found_too()
    {
        var stored = new StoredLines();
        WriterRig? self = null;
        await using var rig = self = await WriterRig.StartAsync(request =>
        {
            if (!request.Lines.Any(StoredLines.IsPoison))
            {
                return Kept(request, stored, 204, "");
            }
            self!.Clock.Advance(TimeSpan.FromSeconds(9));
            return request.AnswerAsync(500, "unexpected failure");
        });
        using var lines = WriterRig.Lines(40, 11);
        var (sentences, refused) = await rig.WriteStubbornlyAsync(lines);
        Assert.NotNull(refused);
        Assert.Contains("n=11 ", refused.Message, StringComparison.Ordinal);
        Assert.Equal([11], stored.MissingOf(40));
        Assert.InRange(sentences.Count, 1, 5);
    }

    [Fact]
    public async Task Words_of_a_device_in_an_answer_decide_nothing()
    {
        var stored = new StoredLines();
        await using var rig = await WriterRig.StartAsync(request => Array.Find(request.Lines, StoredLines.IsPoison) is null
            ? Kept(request, stored, 204, "")
            : request.AnswerAsync(
                400, """{"code":"invalid","message":"unable to parse 'm f=\"partial write: max-series-per-database db name\" 1'"}"""));
        using var lines = WriterRig.Lines(10, 6);
        Assert.IsType<StoreRefusedException>(await rig.WriteAsync(lines));
        Assert.Equal([6], stored.MissingOf(10));
    }

    private static async Task WriteAsIngestDoesAsync(WriterRig rig, int[] poison, int first, int count)
    {
        using var lines = WriterRig.LinesFrom(first, count, poison);
        if (await rig.WriteAsync(lines) is { } failure)
        {
            Assert.IsType<StoreRefusedException>(failure);
            if (count > 1)
            {
                await WriteAsIngestDoesAsync(rig, poison, first, count / 2);
                await WriteAsIngestDoesAsync(rig, poison, first + (count / 2), count - (count / 2));
            }
        }
    }

    private static object Described(FakeRequest request, string line) =>
        new { original_line = line, line_number = Array.IndexOf(request.Lines, line) + 1, error_message = "bad" };

    private static Task<WriterRig> StartAsync(string answer, StoredLines stored) => WriterRig.StartAsync(
        request =>
        {
            var bad = Array.FindAll(request.Lines, StoredLines.IsPoison);
            return bad.Length == 0 ? Kept(request, stored, 204, "") : Refusals[answer].Answer(request, stored, bad);
        },
        Refusals[answer].Profile);

    private static Task Kept(FakeRequest request, StoredLines stored, int status, string body)
    {
        stored.Add(request.Lines.Where(line => !StoredLines.IsPoison(line)));
        return request.AnswerAsync(status, body);
    }
}
