using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Charging;

namespace SmartCity.Tests.Faults;

public sealed class SensorFaultsTests
{
    [Fact]
    public void A_hot_port_is_major_at_65_degrees_critical_at_80_and_fine_again_at_60()
    {
        var fault = Assert.Single(Of(Hot(0, 64.9), Hot(60, 65), Hot(120, 80), Hot(180, 61), Hot(240, 60)));
        Assert.Equal((102, 60d, 240d), (fault.Code.Number, Second(fault.Raised), Second(fault.Cleared!.Value)));
        Assert.Equal((Severity.Critical, true, false), (fault.Severity, fault.Derived, fault.IsTransient));
    }

    [Fact]
    public void Hot_for_less_than_30_seconds_is_a_transient() =>
        Assert.True(Assert.Single(Of(Hot(0, 70), Hot(29, 20))).IsTransient);

    [Fact]
    public void More_than_the_rated_power_by_a_tenth_is_over_power_until_it_is_back_at_the_rating()
    {
        var fault = Assert.Single(Of(Power(0, 1100), Power(60, 1101), Power(120, 1050), Power(180, 1000)));
        Assert.Equal((204, 60d, 180d), (fault.Code.Number, Second(fault.Raised), Second(fault.Cleared!.Value)));
    }

    [Fact]
    public void Ten_minutes_below_minus_ten_is_a_fault_of_the_pile()
    {
        var cold = Assert.Single(Of(Air(0, -10), Air(60, -10.1), Air(360, -10.1), Air(660, -9), Air(720, -8)));
        Assert.Equal((107, 0, false), (cold.Code.Number, cold.Port, cold.IsTransient));
        Assert.Equal((60d, 720d), (Second(cold.Raised), Second(cold.Cleared!.Value)));
        Assert.True(Assert.Single(Of(Air(0, -20), Air(599, -8))).IsTransient);
    }

    [Fact]
    public void What_hovers_about_a_threshold_has_to_stay_beyond_it_for_the_whole_hold()
    {
        // Neither warm enough to be over, nor below -10 C for ten minutes.
        var cold = Of(Air(0, -10.1), Air(300, -9.9), Air(600, -10.1), Air(900, -10), Air(1200, -9), Air(1800, -9));
        Assert.Equal([(0d, 300d), (600d, 900d)], cold.Select(f => (Second(f.Raised), Second(f.Cleared!.Value))));
        Assert.All(cold, f => Assert.True(f.IsTransient));
        Assert.True(Assert.Single(Of(Hot(0, 65), Hot(29, 64), Hot(60, 64))).IsTransient);
        Assert.True(Assert.Single(Of(Power(0, 1101), Power(29, 1100), Power(60, 1050))).IsTransient);
        // Beyond it all the time, so that its own hysteresis holds from then on.
        Assert.False(Assert.Single(Of(Power(0, 1101), Power(29, 1200), Power(30, 1100), Power(60, 1050))).IsTransient);
    }

    [Fact]
    public void Six_changes_in_ten_minutes_are_flapping_until_ten_quiet_minutes_have_passed()
    {
        var story = new PileStory();
        for (var i = 0; i <= 6; i++)
        {
            story.Status(i * 100, 1, i % 2 == 0 ? PortStatus.Available : PortStatus.Plugged)
                .Status((i * 100) + 1, 2, PortStatus.Available);
        }
        var fault = Assert.Single(SensorFaults.Of(story.History(), [], FaultThresholds.Default, PileStory.At(5000)));
        Assert.Equal((705, 1, 600d, 1200d), (fault.Code.Number, fault.Port, Second(fault.Raised), Second(fault.Cleared!.Value)));
        Assert.Null(Assert.Single(SensorFaults.Of(story.History(), [], FaultThresholds.Default, PileStory.At(1199))).Cleared);
    }

    [Fact]
    public void Six_changes_in_more_than_ten_minutes_are_not_flapping()
    {
        var story = new PileStory();
        for (var i = 0; i <= 6; i++)
        {
            story.Status(i * 121, 1, i % 2 == 0 ? PortStatus.Available : PortStatus.Plugged);
        }
        Assert.Empty(SensorFaults.Of(story.History(), [], FaultThresholds.Default, PileStory.At(5000)));
    }

    [Fact]
    public void A_port_warmer_than_load_air_and_siblings_explain_for_five_minutes_is_abnormal()
    {
        // Air 10 C, 500 W of 1000 W explain 10 K: 45 C is 25 K too much; the siblings are at 5 K.
        var faults = Of(Warm(45).ToArray());
        var fault = Assert.Single(faults);
        Assert.Equal((106, 1, 300d), (fault.Code.Number, fault.Port, Second(fault.Raised)));
        Assert.Empty(Of(Warm(34).ToArray()));
        Assert.Empty(Of(Warm(45, siblings: 40).ToArray()));

        static IEnumerable<SensorSample> Warm(double port, double siblings = 25) => Enumerable.Range(0, 6).SelectMany(i => new[]
        {
            Sample(i * 60, 2, 500, siblings, 10), Sample(i * 60, 3, 500, siblings, 10), Sample((i * 60) + 0.5, 1, 500, port, 10),
        }).Select(r => r.Port == 1 ? r with { Stamp = r.Stamp with { Time = r.Stamp.Time - TimeSpan.FromSeconds(0.5) } } : r);
    }

    [Theory]
    [InlineData(200, 18)]
    [InlineData(450, 35.5)]
    [InlineData(800, 60)]
    public void What_a_load_explains_is_a_share_of_what_the_rated_power_would(double watts, double soundC)
    {
        // Air 10 C. Alone a port may be 45 K warmer at 1000 W: 9, 20.25 and 36 K. Abnormal is 15 K more.
        Assert.Empty(Of(Steady(watts, soundC)));
        Assert.Empty(Of(Steady(watts, 10 + (0.045 * watts) + 14.9)));
        Assert.Equal(106, Assert.Single(Of(Steady(watts, 10 + (0.045 * watts) + 15.1))).Code.Number);
    }

    [Fact]
    public void Siblings_with_another_load_tell_what_a_load_explains_within_what_is_sound()
    {
        // 10 K at 400 W and 12 K at 480 W are 25 K at 1000 W, so 800 W explain 20 K.
        Assert.Empty(Among(34.9, (400, 10), (480, 12)));
        Assert.Single(Among(35.1, (400, 10), (480, 12)));
        // Siblings as cool as the air are no reason to expect less than 20 K of 1000 W, nor hot ones more than 45 K.
        Assert.Empty(Among(30.9, (400, 0), (480, 0)));
        Assert.Single(Among(31.1, (400, 0), (480, 0)));
        Assert.Single(Among(51.1, (400, 60), (480, 70)));
        // What is warm with hardly any load is warm of something else.
        Assert.Empty(Among(50.9, (90, 0), (99, 0)));
    }

    [Fact]
    public void A_missing_sensor_or_an_unknown_rating_raises_nothing()
    {
        var unrated = new PileStory(ratedW: null);
        var history = unrated.History();
        history.Sensors.Add(Power(0, 9000));
        Assert.Empty(SensorFaults.Of(history.Settle(), [], FaultThresholds.Default, PileStory.At(5000)));
        Assert.Empty(Of(Sample(0, 1, null, null, null)));
    }

    [Fact]
    public void A_fault_that_samples_told_of_ends_when_the_port_is_not_measured_for_ten_minutes()
    {
        Assert.Equal(700d, Second(Assert.Single(Of(Hot(0, 70), Hot(100, 70))).Cleared!.Value));
        Assert.Equal([600d, 1601d], Of(Power(0, 1200), Power(1001, 1200)).Select(f => Second(f.Cleared!.Value)));
        // Nobody charges at night, and the air of a pile that measures only then is not warm.
        Assert.Equal(21_600d, Second(Assert.Single(Of(Air(0, -20))).Cleared!.Value));
        var rise = Assert.Single(Of([.. Enumerable.Range(0, 7).Select(i => Sample(i * 60, 1, 500, 60, 10))]));
        Assert.Equal((106, 960d), (rise.Code.Number, Second(rise.Cleared!.Value)));
    }

    [Fact]
    public void Until_then_it_is_open_and_a_pile_that_reports_seldom_is_given_three_intervals()
    {
        var history = new PileStory(reportSeconds: 600).History();
        history.Sensors.Add(Hot(0, 70));
        Assert.Null(Assert.Single(SensorFaults.Of(history.Settle(), [], FaultThresholds.Default, PileStory.At(1800))).Cleared);
        Assert.NotNull(Assert.Single(SensorFaults.Of(history, [], FaultThresholds.Default, PileStory.At(1801))).Cleared);
    }

    [Fact]
    public void A_pile_that_falls_silent_as_a_whole_keeps_its_faults_until_it_is_heard_again()
    {
        var history = new PileStory(ports: 3, ratedW: 1000).History();
        history.Sensors.Add(Hot(0, 90));
        var now = PileStory.At(9000);
        var burnt = new OfflineSpan(PileStory.At(180), now, IsOpen: true);
        Assert.Null(Assert.Single(SensorFaults.Of(history.Settle(), [burnt], FaultThresholds.Default, now)).Cleared);
        var back = burnt with { Until = PileStory.At(5000), IsOpen = false };
        Assert.Equal(5000d, Second(Assert.Single(SensorFaults.Of(history, [back], FaultThresholds.Default, now)).Cleared!.Value));
    }

    private static SensorSample[] Steady(double watts, double celsius) =>
        [.. Enumerable.Range(0, 3).Select(i => Sample(i * 300, 1, watts, celsius, 10))];

    /// <summary>Port 1 gives 800 W and is so much warmer than the air, beside two others with so many watts and K.</summary>
    private static IEnumerable<Fault> Among(double kelvin, params (double Watts, double Kelvin)[] siblings) => Of([
        .. siblings.SelectMany((s, i) => Steady(s.Watts, 10 + s.Kelvin).Select(r => r with
        {
            Port = i + 2, Stamp = r.Stamp with { Sequence = r.Stamp.Sequence - 10 + i },
        })),
        .. Steady(800, 10 + kelvin)]).Where(f => f.Port == 1);

    private static List<Fault> Of(params SensorSample[] samples)
    {
        var history = new PileStory(ports: 3, ratedW: 1000).History();
        history.Sensors.AddRange(samples.Reverse());
        return [.. SensorFaults.Of(history.Settle(), [], FaultThresholds.Default, PileStory.At(100_000))];
    }

    private static SensorSample Hot(double second, double celsius) => Sample(second, 1, null, celsius, null);

    private static SensorSample Power(double second, double watts) => Sample(second, 1, watts, null, null);

    private static SensorSample Air(double second, double celsius) => Sample(second, 1, null, null, celsius);

    private static SensorSample Sample(double second, int port, double? watts, double? portC, double? airC) => new(
        new Stamp("P1", PileStory.At(second), PileStory.At(second), default, (long)(second * 10) + port, 0, 0), port, watts, portC, airC);

    private static double Second(Instant at) => (at - PileStory.Start).TotalSeconds;
}
