using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Running;
using SmartCity.Simulator.Scoring;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Simulator;

/// <summary>The short form of docs/accuracy.md: days of the noisy district through a real server, scored against the truth.
/// SMARTCITY_ACCURACY_DAYS makes it longer, SMARTCITY_SEED another city.</summary>
public sealed partial class AccuracyTests
{
    private static readonly DateOnly Until = new(2026, 11, 4);

    [Fact]
    public async Task What_the_server_says_of_noisy_days_is_as_right_as_the_document_claims()
    {
        var days = Number("SMARTCITY_ACCURACY_DAYS", 2);
        var seed = Number("SMARTCITY_SEED", 1);
        // Six in the morning after the last day, whenever the test runs: the same weather, the same verdicts.
        var clock = new ShiftedClock(DateTimeOffset.FromUnixTimeMilliseconds(
            CityTime.StartOf(CityTime.DayOf(Until)) + (6 * CityTime.HourMs)));
        using var folder = new TempFolder();
        var truthPath = Path.Combine(folder.Path, "truth.jsonl");
        await using var server = await TestServer.StartAsync(configure: services => services.AddSingleton<TimeProvider>(clock));
        await server.ImportAsync(System.Text.Encoding.UTF8.GetString(DistrictJson.Write(DistrictBuilder.Build(seed))));
        var options = new SimulationOptions(new DnsEndPoint("127.0.0.1", server.MqttPort), seed)
        {
            BackfillDays = days, BackfillUntil = CityTime.DayOf(Until), Live = false, TruthPath = truthPath,
        };
        await new Simulation(options, clock, TextWriter.Null).RunAsync(TestContext.Current.CancellationToken);

        var truth = TruthLines.Read(truthPath);
        var score = new Score(truth, await ServerAnswers.AskAsync(
            server.Channel, truth, TimeProvider.System, TestContext.Current.CancellationToken));
        var report = ScoreReport.Write(score);

        Assert.True(score.Collections.ServedCalledMissed == 0, report);
        Assert.True(score.Collections.Cell(Verdict.OnTime, Verdict.Undetermined) > 0, "no visit was lost: the days prove too little");
        Assert.True(score.Disagreements.All(d => d.Cause != Disagreement.Unexplained), report);
        foreach (var (figure, floor) in Floors())
        {
            Assert.True(Figure(score, figure) * 100 >= floor, $"{figure} is below {floor} %:\n{report}");
        }
    }

    [Fact]
    public void The_debounces_of_the_score_are_those_of_the_table()
    {
        Assert.All(Debounces.Codes, code => Assert.Equal(
            SmartCity.Domain.Faults.FaultCode.Find(code).Debounce.TotalMilliseconds, Debounces.Of(code)));
    }

    private static List<(string Figure, double Floor)> Floors()
    {
        var floors = Repository.Lines("docs/accuracy.md").Select(line => FloorRow().Match(line)).Where(m => m.Success)
            .Select(m => (m.Groups[1].Value, double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture))).ToList();
        Assert.Equal(9, floors.Count);
        return floors;
    }

    private static double Figure(Score score, string figure) => figure switch
    {
        "precision of ON_TIME" => score.Collections.Precision(Verdict.OnTime),
        "recall of ON_TIME" => score.Collections.Recall(Verdict.OnTime),
        "precision of MISSED" => score.Collections.Precision(Verdict.Missed),
        "recall of MISSED" => score.Collections.Recall(Verdict.Missed),
        "precision of reported faults" => score.Faults.Of(derived: false).Precision,
        "recall of reported faults" => score.Faults.Of(derived: false).Recall,
        "precision of derived faults" => score.Faults.Of(derived: true).Precision,
        "recall of derived faults" => score.Faults.Of(derived: true).Recall,
        "sessions found" => score.Sessions.Found / (double)score.Truth.Sessions.Count,
        _ => throw new ArgumentException($"docs/accuracy.md: no figure is called {figure}", nameof(figure)),
    } ?? 1;

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [GeneratedRegex(@"^\| ([^|]+) \| at least ([\d.]+) % \|$")]
    private static partial Regex FloorRow();

    /// <summary>A clock that goes as the real one does, from another moment on.</summary>
    private sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
    {
        private readonly long begun = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(begun);
    }
}
