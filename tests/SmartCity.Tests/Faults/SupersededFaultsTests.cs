using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Faults;
using SmartCity.Tests.Charging;
using static SmartCity.Domain.Telemetry.FaultEvent;

namespace SmartCity.Tests.Faults;

/// <summary>What becomes of a fault that the server found when the pile reports the same.</summary>
public sealed class SupersededFaultsTests
{
    [Fact]
    public void A_fault_that_the_pile_reported_and_cleared_is_not_found_again_from_the_same_heat()
    {
        var story = Heat((0, 70), (300, 80), (600, 70), (900, 62)).Reported(400, 102, Raised).Reported(700, 102, Cleared);

        Assert.Equal(["0..400", "400..700 reported"], story.Told());
    }

    [Fact]
    public void What_the_server_found_and_the_pile_then_reported_is_counted_once_and_is_no_repeat()
    {
        var faults = Heat((0, 70), (300, 80), (600, 70), (900, 62)).Reported(400, 102, Raised).Reported(700, 102, Cleared).Faults();
        var at = PileStory.At(5000);
        var table = new FaultTable(1, Buckets.Of(BucketKind.Whole, PileStory.At(0), at, TimeZoneInfo.Utc), at);
        var repeats = FaultTable.Repeats(faults, at);
        foreach (var fault in faults)
        {
            table.Add(0, fault, repeats.Contains(fault));
        }

        Assert.Equal(2, faults.Count);
        var sums = table.Total();
        Assert.Equal((1L, 1L, 0L, 300d), (sums.Raised, sums.Cleared, sums.Repeats, sums.MttrSeconds));
    }

    [Fact]
    public void Heat_that_was_over_once_is_found_again_after_the_piles_word()
    {
        var story = Heat((0, 70), (300, 80), (600, 60), (900, 66)).Reported(400, 102, Raised).Reported(500, 102, Cleared);

        Assert.Equal(["0..400", "400..500 reported", "900..1500"], story.Told());
    }

    [Fact]
    public void What_begins_while_the_pile_reports_it_is_never_found() =>
        Assert.Equal(
            ["0..700 reported"], Heat((300, 80), (600, 70), (900, 62)).Reported(0, 102, Raised).Reported(700, 102, Cleared).Told());

    [Fact]
    public void A_report_shorter_than_its_debounce_takes_no_alarm_away() =>
        Assert.Equal(
            ["0..900", "400..429 reported"],
            Heat((0, 70), (300, 80)).Reported(400, 102, Raised).Reported(429, 102, Cleared).Told());

    [Fact]
    public void While_a_report_waits_for_its_debounce_the_alarm_stands()
    {
        var story = Heat((0, 70), (300, 80)).Reported(400, 102, Raised);

        Assert.Equal(["0..", "400.. reported"], story.Told(429));
        Assert.Equal(["0..400", "400.. reported"], story.Told(430));
    }

    [Fact]
    public void Only_the_same_port_and_code_are_the_same() =>
        Assert.Equal(
            ["0..600", "100.. reported", "101.. reported"],
            Heat((0, 70)).Reported(100, 201, Raised).Reported(101, 102, Raised, port: 2).Told());

    private static HotPort Heat(params (double Second, double Celsius)[] samples) => new(samples);

    private sealed class HotPort((double Second, double Celsius)[] samples)
    {
        private readonly PileStory story = new PileStory().HeardBetween(0, 5000);

        public HotPort Reported(double second, int code, FaultEvent what, int port = 1)
        {
            story.Fault(second, port, code, what);
            return this;
        }

        public IEnumerable<string> Told(double evaluation = 5000) => Faults(evaluation)
            .Select(f => $"{Second(f.Raised)}..{Second(f.Cleared)}{(f.Derived ? "" : " reported")}");

        public IReadOnlyList<Fault> Faults(double evaluation = 5000)
        {
            var history = story.History();
            history.Sensors.AddRange(samples.Select((s, i) => new SensorSample(
                new Stamp("P1", PileStory.At(s.Second), PileStory.At(s.Second), default, i, 0, 0), 1, null, s.Celsius, null)));
            var at = PileStory.At(evaluation);
            var log = FaultLog.Of(history.Faults, at);
            return FaultHistory.Of(history.Settle(), log, [], true, FaultThresholds.Default, at);
        }

        private static double? Second(Instant? at) => (at - PileStory.Start)?.TotalSeconds;
    }
}
