using Google.Protobuf.WellKnownTypes;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Running;
using SmartCity.Simulator.Scoring;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Simulator;

/// <summary>A score finds what is wrong, and says it first.</summary>
public sealed class ScoreTests : IDisposable
{
    private const long Midnight = 1_781_452_800_000; // 2026-06-15, local.
    private const long Hour = 3_600_000;
    private readonly TempFolder folder = new();

    [Fact]
    public void A_collection_that_is_called_missed_is_the_first_thing_said()
    {
        var truth = Read(Collected("point-001", Midnight + (6 * Hour)), Missed("point-002"));
        var answers = new ServerAnswers();
        answers.Obligations.Add(Said("point-001", Verdict.Missed));
        answers.Obligations.Add(Said("point-002", Verdict.Missed));
        var score = new Score(truth, answers);
        Assert.Equal(1, score.Collections.ServedCalledMissed);
        Assert.Equal(0.5, score.Collections.Precision(Verdict.Missed));
        Assert.Equal(1, score.Collections.Recall(Verdict.Missed));
        var first = ScoreReport.Write(score).Split('\n').First(l => l.StartsWith("**", StringComparison.Ordinal));
        Assert.Contains("called MISSED: 1 of 1.", first, StringComparison.Ordinal);
        Assert.Equal(Disagreement.Unexplained, Assert.Single(score.Collections.Disagreements).Cause);
    }

    [Theory]
    [InlineData(3.4, Verdict.Missed)]
    [InlineData(3.6, Verdict.Early)]
    [InlineData(4.6, Verdict.OnTime)]
    [InlineData(8.2, Verdict.OnTime)]
    [InlineData(8.3, Verdict.Late)]
    [InlineData(9.6, Verdict.Late)]
    [InlineData(9.7, Verdict.Missed)]
    public void The_true_verdict_follows_from_the_first_lift(double hour, Verdict expected)
    {
        var truth = Read(Collected("point-001", Midnight + (long)(hour * Hour)));
        var windows = new List<(long, long)>
        {
            (Midnight + (9 * Hour / 2), Midnight + (8 * Hour)), (Midnight + (11 * Hour), Midnight + (14 * Hour)),
            (Midnight + (17 * Hour), Midnight + (21 * Hour)),
        };
        Assert.Equal(expected, Acceptance.Of(truth.Obligations[0], windows));
    }

    [Fact]
    public void A_fault_is_right_once_and_what_is_said_besides_is_not()
    {
        var truth = Read(
            Fault(501, Midnight + Hour, Midnight + (5 * Hour)), Fault(501, Midnight + (8 * Hour), Midnight + (9 * Hour)),
            Fault(501, Midnight + (12 * Hour), Midnight + (12 * Hour) + 60_000));
        var answers = new ServerAnswers();
        answers.Faults.Add(Said(501, Midnight + Hour + 2_000, Midnight + (5 * Hour)));
        answers.Faults.Add(Said(501, Midnight + (12 * Hour), Midnight + (13 * Hour)));
        answers.Faults.Add(Said(501, Midnight + (20 * Hour), Midnight + (21 * Hour)));
        var code = Assert.Single(new FaultScore(truth, answers).Codes);
        Assert.Equal((2, 3, 1), (code.True, code.Said, code.Right));
        Assert.Equal((1, 1), code.Transients);
        Assert.Equal(2, code.Begins.At(0.5));
    }

    [Fact]
    public void A_file_that_has_a_day_twice_is_refused()
    {
        var problem = Assert.Throws<SimulatorException>(() => Read(Day));
        Assert.Contains("line 2", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_marked_part_of_a_document_is_renewed()
    {
        var path = Path.Combine(folder.Path, "document.md");
        await File.WriteAllTextAsync(path, "before\n<!-- score -->\nold\n<!-- /score -->\nafter\n");
        await ScoreReport.RenewAsync(path, "new\n", TestContext.Current.CancellationToken);
        Assert.Equal("before\n<!-- score -->\nnew\n<!-- /score -->\nafter\n", await File.ReadAllTextAsync(path));
    }

    public void Dispose() => folder.Dispose();

    private static string Day =>
        $$"""{"kind":"day","date":"2026-06-15","seed":1,"from":{{Midnight}},"until":{{Midnight + (24 * Hour)}}}""";

    private TruthLines Read(params string[] lines)
    {
        var path = Path.Combine(folder.Path, "truth.jsonl");
        const string port = """{"kind":"port","date":"2026-06-15","pile":"P","port":1,"seconds":{"AVAILABLE":86400},"energyWh":0}""";
        File.WriteAllLines(path, [Day, .. lines, port]);
        return TruthLines.Read(path);
    }

    private static string Collected(string point, long at) => Missed(point)[..^1] + $$""","truck":"truck-01","at":{{at}}}""";

    private static string Missed(string point) =>
        $$"""{"kind":"obligation","date":"2026-06-15","point":"{{point}}","window":"MORNING","windowFrom":{{Midnight + (9 * Hour / 2)}},"""
        + $$""" "windowUntil":{{Midnight + (8 * Hour)}},"planned":"truck-01","outcome":"Skipped"}""";

    private static string Fault(int code, long from, long until) =>
        $$"""{"kind":"fault","date":"2026-06-15","pile":"P","port":1,"code":{{code}},"from":{{from}},"until":{{until}}}""";

    private static Obligation Said(string point, Verdict verdict) =>
        new() { ObligationId = $"{point}/2026-06-15/MORNING", Verdict = verdict };

    private static Fault Said(int code, long from, long until) => new()
    {
        PileId = "P", Port = 1, Code = code, RaisedTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(from)),
        ClearedTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(until)),
    };
}
