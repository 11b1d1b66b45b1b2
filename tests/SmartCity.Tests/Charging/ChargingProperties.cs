using CsCheck;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>What holds for every history. A failure prints the seed of the story that broke it.</summary>
public sealed class ChargingProperties
{
    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue];

    [Fact]
    public void The_timeline_is_what_the_plain_second_by_second_rules_say() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var random = new Random(seed);
            var from = random.Next(RandomStory.Seconds);
            var until = from + random.Next(1, 300);
            var evaluation = random.Next(from, RandomStory.Seconds + 400);
            var heard = Heard(story).Where(h => h <= PileStory.At(evaluation)).ToList();
            var segments = story.Timeline(from, until, evaluation);
            for (var port = 1; port <= 3; port++)
            {
                for (var second = from; second < until; second++)
                {
                    var at = PileStory.At(second);
                    var expected = second < evaluation
                        ? SlowTimeline.At(story, heard, port, at, PileStory.At(evaluation))
                        : null;
                    var found = segments.Where(s => s.Port == port && s.From <= at && at < s.Until).ToList();
                    Assert.True(found.Count <= 1, $"port {port} twice at {second}");
                    Assert.Equal((port, second, expected), (port, second, found.Count == 0 ? null : found[0].Status));
                }
            }
        },
        iter: 2000);

    [Fact]
    public void Seconds_over_all_statuses_add_up_to_commissioned_seconds() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var (from, until, evaluation) = (100, 1000, 900);
            var commissioned = story.Versions.Sum(v =>
                v.Ports * Math.Max(0, Overlap(v.Validity, from, Math.Min(until, evaluation))));
            var total = story.Table(from, until, BucketKind.Hour, evaluation).Total();
            Assert.Equal(commissioned, total.Commissioned);
            var parts = total[PortStatus.Available] + total.Occupied + total[PortStatus.Reserved] + total.Down + total[PortStatus.Unknown];
            Assert.Equal(commissioned, parts);
        },
        iter: 1000);

    [Fact]
    public void The_timeline_at_a_moment_is_the_segment_that_contains_it_and_the_timeline_of_that_moment_alone() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var random = new Random(seed);
            var (moment, evaluation) = (random.Next(100, 900), 1000);
            var timeline = story.Explained(0, RandomStory.Seconds, evaluation);
            var found = timeline.At(PileStory.At(moment));

            var containing = timeline.All().Where(s => s.From <= PileStory.At(moment) && s.Until > PileStory.At(moment));
            Assert.Equal(
                containing.Select(s => (s.Port, s.From, s.Until, s.Status)), found.Select(s => (s.Port, s.From, s.Until, s.Status)));
            var alone = story.Explained(moment, moment + 0.0015, evaluation).All(); // One millisecond: the rest is cut.
            Assert.Equal(alone.Select(Why), found.Select(Why));
            Assert.Equal(
                story.Versions.Where(v => v.Validity.Contains(PileStory.At(moment))).Sum(v => v.Ports), found.Count);
        },
        iter: 1000);

    [Fact]
    public void Overstays_of_any_length_add_up_to_idle_time_and_a_threshold_only_leaves_some_out() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var random = new Random(seed);
            var (from, threshold) = (random.Next(RandomStory.Seconds), TimeSpan.FromSeconds(random.Next(200)));
            var until = from + random.Next(1, RandomStory.Seconds);
            var segments = story.Timeline(0, 2 * RandomStory.Seconds, evaluation: 1300);
            var sessions = story.Ledger(1300).Sessions;
            var all = Overstays.Of(segments, sessions, TimeSpan.Zero);

            var idle = story.Table(from, until, evaluation: 1300).Total().Idle;
            Assert.Equal(idle, all.Sum(o => (long)o.Within(PileStory.At(from), PileStory.At(until)).TotalMilliseconds));
            Assert.Equal(all.Where(o => o.Duration > threshold), Overstays.Of(segments, sessions, threshold));
        },
        iter: 1000);

    [Fact]
    public void Order_and_repetition_of_records_change_nothing() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var before = Tell(story);
            var random = new Random(seed);
            Shuffle(story.Statuses, random);
            Shuffle(story.Sessions, random);
            Shuffle(story.Samples, random);
            Shuffle(story.Faults, random);
            Shuffle(story.Wills, random);
            Assert.Equal(before, Tell(story));
        },
        iter: 500);

    [Fact]
    public void A_later_arrival_changes_nothing_where_the_clock_is_believed() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var before = Tell(story);
            var random = new Random(seed);
            Delay(story.Statuses, random, (r, s) => r with { Stamp = s });
            Delay(story.Sessions, random, (r, s) => r with { Stamp = s });
            Delay(story.Samples, random, (r, s) => r with { Stamp = s });
            Delay(story.Faults, random, (r, s) => r with { Stamp = s });
            Assert.Equal(before, Tell(story));
        },
        iter: 500);

    [Fact]
    public void Two_parts_of_a_period_add_up_to_the_whole() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var cut = new Random(seed).Next(1, RandomStory.Seconds);
            var whole = story.Table(0, RandomStory.Seconds, evaluation: RandomStory.Seconds).Total();
            var first = story.Table(0, cut, evaluation: RandomStory.Seconds).Total();
            var second = story.Table(cut, RandomStory.Seconds, evaluation: RandomStory.Seconds).Total();
            Assert.Equal(Figures(whole), Figures(first).Zip(Figures(second), (a, b) => a + b));
        },
        iter: 500);

    [Fact]
    public void Buckets_add_up_to_the_total() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var whole = story.Table(0, RandomStory.Seconds);
            foreach (var kind in Enum.GetValues<BucketKind>())
            {
                var cut = story.Table(0, RandomStory.Seconds, kind, zone: "Asia/Kathmandu");
                var rows = Enumerable.Range(0, cut.Buckets.Rows.Count).Select(i => Figures(cut.Row(0, i)));
                Assert.Equal(Figures(whole.Total()), rows.Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]));
            }
        },
        iter: 300);

    [Fact]
    public void A_settled_session_adds_up_to_its_settled_energy() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var story = new PileStory(ratedW: 1000).Session(0, "S", SessionEvent.Started);
            for (var i = random.Next(20); i > 0; i--)
            {
                var second = random.Next(600);
                story.Sample(second, second < 300 && random.Next(3) == 0 ? null : "S", random.Next(100) / 7.0);
            }
            var settled = random.Next(100) / 3.0;
            story.Session(300 + random.Next(200), "S", SessionEvent.Ended, random.Next(100))
                .Session(590, "S", SessionEvent.Settled, settled);
            var ledger = story.Ledger(600);
            Assert.Equal(SessionLedger.MicroWh(settled), ledger.Sessions.Single().EnergyMicroWh);
            Assert.Equal(SessionLedger.MicroWh(settled), ledger.Postings.Sum(p => p.MicroWh));
        },
        iter: 1000);

    [Fact]
    public void Faults_of_one_key_never_overlap() => Seeds.Sample(
        seed =>
        {
            var story = RandomStory.Of(seed);
            var history = story.History();
            var log = FaultLog.Of(history.Faults, PileStory.At(1100));
            var offline = DerivedFaults.Offline(history, OfflineSpans.Of(history, PileStory.At(1100)));
            foreach (var key in log.Faults.Concat(DerivedFaults.WithoutReported(offline, log.Faults, PileStory.At(1100)))
                .GroupBy(f => (f.Port, f.Code)))
            {
                var ordered = key.OrderBy(f => f.Raised).ToList();
                Assert.All(ordered.Zip(ordered.Skip(1)), p => Assert.True(p.First.Cleared <= p.Second.Raised));
            }
        },
        iter: 1000);

    private static (int Port, PortStatus Status, StatusCause Cause, string Faults) Why(ExplainedSegment segment) =>
        (segment.Port, segment.Status, segment.Cause, string.Join(' ', segment.FaultCodes));

    /// <summary>Every figure and every session, as text.</summary>
    private static string Tell(PileStory story)
    {
        var ledger = story.Ledger(1100);
        var log = FaultLog.Of(story.Faults, PileStory.At(1100));
        string[] lines =
        [
            string.Join(' ', Figures(story.Table(50, 1000, evaluation: 1100).Total())),
            .. ledger.Sessions.Select(s => s.ToString()), .. log.Faults.Select(f => f.ToString()), $"{log.Ignored.Count}",
            .. Enumerable.Range(1, 3).Select(port => story.Told(port, 50, 1000, 1100)),
        ];
        return string.Join('\n', lines);
    }

    private static long[] Figures(UtilizationSums s) =>
    [
        .. Enum.GetValues<PortStatus>().Select(status => s[status]), s.EnergyMicroWh, s.Sessions, s.Suspects, s.Saturated,
        s.SaturationUnknown, s.Blackout,
    ];

    private static long Overlap(Domain.Registry.Validity validity, int from, int until) => Math.Min(
        validity.Until?.Milliseconds ?? long.MaxValue, PileStory.At(until).Milliseconds)
        - Math.Max(validity.From.Milliseconds, PileStory.At(from).Milliseconds);

    private static IEnumerable<Instant> Heard(PileStory story) =>
        story.History().Silences.SelectMany(s => new[] { s.From, s.Until ?? s.From }).Distinct();

    private static void Shuffle<T>(List<T> records, Random random)
    {
        records.AddRange([.. records.Where(_ => random.Next(3) == 0)]);
        for (var i = records.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (records[i], records[j]) = (records[j], records[i]);
        }
    }

    private static void Delay<T>(List<T> records, Random random, Func<T, Stamp, T> with) where T : struct, ITelemetryRecord
    {
        for (var i = 0; i < records.Count; i++)
        {
            var received = records[i].Stamp.Received + TimeSpan.FromSeconds(random.Next(100_000));
            records[i] = with(records[i], records[i].Stamp with { Received = received, Flags = StampFlags.Buffered });
        }
    }
}
