using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

public sealed class SessionLedgerTests
{
    private const double Hour = 3600;

    [Fact]
    public void Every_rise_of_a_sessions_counter_counts_when_it_is_brought()
    {
        var ledger = new PileStory().Session(0, "S", SessionEvent.Started).Sample(60, "S", 10).Sample(120, "S", 25).Ledger(200);
        Assert.Equal([(60d, 10_000_000L), (120d, 15_000_000L)], Told(ledger));
        Assert.Equal(25_000_000, ledger.Sessions.Single().EnergyMicroWh);
    }

    [Fact]
    public void It_starts_at_STARTED_else_at_a_start_time_given_else_with_its_earliest_record()
    {
        var story = new PileStory().Sample(10, "A", 1).Session(60, "A", SessionEvent.Started, start: 5)
            .Session(200, "B", SessionEvent.Settled, start: 100).Sample(150, "B", 1).Sample(300, "C", 1)
            .Session(310, "C", SessionEvent.Ended);
        Assert.Equal([("A", 60d), ("B", 100d), ("C", 300d)], story.Ledger(400).Sessions.Select(s => (s.Id, Second(s.Start))));
    }

    [Fact]
    public void A_given_time_of_a_refused_clock_is_not_believed()
    {
        var story = new PileStory().Session(200, "B", SessionEvent.Settled, start: 100, flags: StampFlags.ClockRefused);
        Assert.Equal(200, Second(story.Ledger(400).Sessions.Single().Start));
    }

    [Fact]
    public void It_ends_with_ENDED_else_at_an_end_time_given_else_UNPLUGGED_else_SETTLED()
    {
        Assert.Equal(50, End(s => s.Session(50, "S", SessionEvent.Ended, end: 40).Session(60, "S", SessionEvent.Unplugged)));
        Assert.Equal(40, End(s => s.Session(60, "S", SessionEvent.Unplugged).Session(70, "S", SessionEvent.Settled, end: 40)));
        Assert.Equal(60, End(s => s.Session(70, "S", SessionEvent.Settled).Session(60, "S", SessionEvent.Unplugged)));
        Assert.Equal(70, End(s => s.Session(70, "S", SessionEvent.Settled)));
        Assert.Null(End(s => s.Session(70, "S", SessionEvent.ChargeDone)));

        static double? End(Func<PileStory, PileStory> tell) =>
            tell(new PileStory().Session(0, "S", SessionEvent.Started)).Ledger(400).Sessions.Single().End is { } end
                ? Second(end) : null;
    }

    [Fact]
    public void The_same_id_on_another_port_is_another_session()
    {
        var story = new PileStory().Session(0, "S", SessionEvent.Started).Session(5, "S", SessionEvent.Started, port: 2);
        Assert.Equal(2, story.Ledger(60).Sessions.Count);
    }

    [Fact]
    public void A_fall_is_suspect_and_not_added()
    {
        var ledger = new PileStory().Session(0, "S", SessionEvent.Started).Sample(60, "S", 20).Sample(120, "S", 5)
            .Sample(180, "S", 22).Ledger(200);
        Assert.Equal([(60d, 20_000_000L), (180d, 2_000_000L)], Told(ledger));
        Assert.Equal(1, ledger.Sessions.Single().Suspects);
        Assert.Equal(1, ledger.Postings.Count(p => p.Suspects > 0));
    }

    [Fact]
    public void A_rise_beyond_what_the_port_can_give_is_suspect_until_time_allows_it()
    {
        // 1 kW x 1.5 x 60 s + 10 Wh = 35 Wh; the next sample has 120 s behind it: 60 Wh.
        var story = new PileStory(ratedW: 1000).Session(0, "S", SessionEvent.Started);
        Assert.Equal([(60d, 35_000_000L)], Told(story.Sample(60, "S", 35).Ledger(70)));
        var tooMuch = new PileStory(ratedW: 1000).Session(0, "S", SessionEvent.Started).Sample(60, "S", 36).Sample(120, "S", 60);
        Assert.Equal([(120d, 60_000_000L)], Told(tooMuch.Ledger(130)));
        Assert.Equal(1, tooMuch.Ledger(130).Sessions.Single().Suspects);
    }

    [Fact]
    public void Without_a_rated_power_there_is_no_bound() =>
        Assert.Equal([(60d, 9_000_000_000L)], Told(
            new PileStory(ratedW: null).Session(0, "S", SessionEvent.Started).Sample(60, "S", 9000).Ledger(70)));

    [Fact]
    public void A_settlement_counts_what_it_changes_also_when_it_takes_back()
    {
        var story = new PileStory().Session(0, "S", SessionEvent.Started).Sample(60, "S", 20)
            .Session(100, "S", SessionEvent.Ended, 25)
            .Session(110, "S", SessionEvent.Settled, 15).Session(2000, "S", SessionEvent.Settled, 15);
        var ledger = story.Ledger(3000);
        Assert.Equal([(60d, 20_000_000L), (100d, 5_000_000L), (110d, -10_000_000L)], Told(ledger));
        Assert.True(ledger.Sessions.Single().Settled);
        Assert.False(ledger.Sessions.Single().Estimated);
    }

    [Fact]
    public void A_sample_after_the_settlement_is_suspect()
    {
        var ledger = new PileStory().Session(0, "S", SessionEvent.Started).Session(100, "S", SessionEvent.Settled, 15)
            .Sample(110, "S", 16).Ledger(200);
        Assert.Equal(15_000_000, ledger.Sessions.Single().EnergyMicroWh);
        Assert.Equal(1, ledger.Sessions.Single().Suspects);
    }

    [Fact]
    public void A_session_known_from_samples_only_is_a_session()
    {
        var session = new PileStory().Sample(60, "S", 5).Sample(120, "S", 8).Ledger(200).Sessions.Single();
        Assert.Equal((60d, 8_000_000L, null), (Second(session.Start), session.EnergyMicroWh, session.End));
    }

    [Fact]
    public void A_sample_without_an_id_belongs_to_the_session_running_on_its_port()
    {
        var story = new PileStory().Session(0, "A", SessionEvent.Started).Sample(60, null, 5)
            .Session(100, "A", SessionEvent.Ended)
            .Session(200, "B", SessionEvent.Started).Sample(260, null, 7).Sample(260, null, 3, port: 2);
        Assert.Equal([("A", 5_000_000L), ("B", 7_000_000L)], story.Ledger(300).Sessions.Select(s => (s.Id, s.EnergyMicroWh)));
    }

    [Fact]
    public void Outside_any_session_rises_count_and_falls_begin_anew()
    {
        var ledger = new PileStory().Sample(0, null, 100).Sample(60, null, 110).Sample(120, null, 3).Sample(180, null, 8)
            .Ledger(200);
        Assert.Equal([(60d, 10_000_000L), (180d, 5_000_000L)], Told(ledger));
        Assert.Empty(ledger.Sessions);
    }

    [Fact]
    public void A_session_without_an_end_is_closed_twelve_hours_after_its_last_record()
    {
        var story = new PileStory().Session(0, "S", SessionEvent.Started).Sample(Hour, "S", 100);
        Assert.Null(story.Ledger((13 * Hour) - 1).Sessions.Single().End);
        var closed = story.Ledger(13 * Hour).Sessions.Single();
        Assert.Equal((13 * Hour, StopReason.Abnormal, true, 100_000_000L),
            (Second(closed.End!.Value), closed.StopReason, closed.Estimated, closed.EnergyMicroWh));
    }

    [Fact]
    public void A_later_settlement_corrects_a_closed_session()
    {
        var story = new PileStory().Session(0, "S", SessionEvent.Started).Sample(Hour, "S", 100)
            .Session(20 * Hour, "S", SessionEvent.Settled, 120, end: 2 * Hour, reason: StopReason.Full);
        var session = story.Ledger(30 * Hour).Sessions.Single();
        Assert.Equal((2 * Hour, StopReason.Full, false, 120_000_000L),
            (Second(session.End!.Value), session.StopReason, session.Estimated, session.EnergyMicroWh));
    }

    [Fact]
    public void An_ended_session_without_any_total_is_estimated()
    {
        var session = new PileStory().Session(0, "S", SessionEvent.Started).Sample(60, "S", 7)
            .Session(90, "S", SessionEvent.Ended).Ledger(100).Sessions.Single();
        Assert.Equal((true, false), (session.Estimated, session.Settled));
    }

    [Fact]
    public void Nothing_after_the_evaluation_exists()
    {
        var story = new PileStory().Session(0, "S", SessionEvent.Started).Sample(60, "S", 7)
            .Session(90, "S", SessionEvent.Settled, 50);
        var session = story.Ledger(80).Sessions.Single();
        Assert.Equal((7_000_000L, false, null), (session.EnergyMicroWh, session.Settled, session.End));
    }

    private static double Second(Instant at) => (at - PileStory.Start).TotalSeconds;

    private static IEnumerable<(double At, long MicroWh)> Told(SessionLedger ledger) =>
        ledger.Postings.Where(p => p.Suspects == 0).Select(p => (Second(p.At), p.MicroWh));
}
