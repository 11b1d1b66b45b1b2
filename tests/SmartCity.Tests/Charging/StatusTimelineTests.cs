using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

public sealed class StatusTimelineTests
{
    [Fact]
    public void A_reported_status_holds_until_the_next_one_of_that_port()
    {
        var story = new PileStory().HeardBetween(0, 600)
            .Status(60, 1, PortStatus.Available).Status(100, 2, PortStatus.Plugged).Status(200, 1, PortStatus.Charging);
        Assert.Equal("0-60 Unknown, 60-200 Available, 200-600 Charging", story.Told(1, 0, 600));
        Assert.Equal("0-100 Unknown, 100-600 Plugged", story.Told(2, 0, 600));
    }

    [Fact]
    public void The_last_status_before_the_period_is_remembered()
    {
        var story = new PileStory().HeardBetween(-600, 600).Status(-500, 1, PortStatus.Charging);
        Assert.Equal("0-600 Charging", story.Told(1, 0, 600));
    }

    [Fact]
    public void OFFLINE_sent_by_a_device_is_unknown()
    {
        var story = new PileStory().HeardBetween(0, 600).Status(0, 1, PortStatus.Offline);
        Assert.Equal("0-600 Unknown", story.Told(1, 0, 600));
    }

    [Fact]
    public void A_gap_of_exactly_three_reports_is_not_offline_and_one_millisecond_more_is()
    {
        var fine = new PileStory().Status(0, 1, PortStatus.Available).Heard(180).Heard(200);
        Assert.Equal("0-200 Available", fine.Told(1, 0, 200));
        var late = new PileStory().Status(0, 1, PortStatus.Available).Heard(180.001).Heard(200);
        Assert.Equal("0-180 Available, 180-180.001 Offline, 180.001-200 Available", late.Told(1, 0, 200));
    }

    [Fact]
    public void Rare_reporters_may_be_silent_for_three_of_their_intervals()
    {
        var story = new PileStory(reportSeconds: 300).Status(0, 1, PortStatus.Available).Heard(1000);
        Assert.Equal("0-900 Available, 900-1000 Offline, 1000-1100 Available", story.Told(1, 0, 1100));
    }

    [Fact]
    public void Time_after_the_last_word_is_a_gap_that_ends_at_the_evaluation()
    {
        var story = new PileStory().Status(0, 1, PortStatus.Charging);
        Assert.Equal("0-180 Charging, 180-500 Offline", story.Told(1, 0, 1000, evaluation: 500));
        Assert.Equal("0-180 Charging", story.Told(1, 0, 1000, evaluation: 180));
    }

    [Fact]
    public void A_will_inside_a_long_gap_starts_it_earlier()
    {
        var story = new PileStory().Status(0, 1, PortStatus.Charging).Will(90).Heard(400);
        Assert.Equal("0-90 Charging, 90-400 Offline, 400-500 Charging", story.Told(1, 0, 500));
    }

    [Fact]
    public void A_will_in_a_short_gap_or_before_a_long_one_changes_nothing()
    {
        var reconnected = new PileStory().Status(0, 1, PortStatus.Charging).Will(90).Heard(120).Heard(240);
        Assert.Equal("0-240 Charging", reconnected.Told(1, 0, 240));
        var early = new PileStory().Will(-10).Status(0, 1, PortStatus.Charging).Heard(400);
        Assert.Equal("0-180 Charging, 180-400 Offline", early.Told(1, 0, 400));
    }

    [Fact]
    public void Records_that_come_back_filled_remove_a_silence()
    {
        var gap = new PileStory().Status(0, 1, PortStatus.Available).Heard(600);
        Assert.Contains("Offline", gap.Told(1, 0, 600), StringComparison.Ordinal);
        Assert.Equal("0-600 Available", gap.HeardBetween(100, 550).Told(1, 0, 600));
    }

    [Fact]
    public void Port_0_out_of_service_covers_every_port_until_any_later_word_of_port_0()
    {
        var story = new PileStory().HeardBetween(0, 600)
            .Status(0, 1, PortStatus.Charging).Status(100, 0, PortStatus.Unavailable).Status(200, 1, PortStatus.Available)
            .Status(300, 0, PortStatus.Plugged);
        Assert.Equal("0-100 Charging, 100-300 Unavailable, 300-600 Available", story.Told(1, 0, 600));
        Assert.Equal("0-100 Unknown, 100-300 Unavailable, 300-600 Unknown", story.Told(2, 0, 600));
    }

    [Fact]
    public void A_major_fault_makes_its_port_faulted_from_its_debounce_to_its_clearing()
    {
        var story = new PileStory().HeardBetween(0, 600).Status(0, 1, PortStatus.Available)
            .Fault(100, 1, 210, FaultEvent.Raised).Fault(300, 1, 210, FaultEvent.Cleared);
        Assert.Equal("0-160 Available, 160-300 Faulted, 300-600 Available", story.Told(1, 0, 600));
        Assert.Equal("0-600 Unknown", story.Told(2, 0, 600));
    }

    [Fact]
    public void A_fault_of_the_pile_covers_all_ports_even_before_they_report()
    {
        var story = new PileStory().HeardBetween(0, 600).Fault(100, 0, 209, FaultEvent.Raised);
        Assert.Equal("0-100 Unknown, 100-600 Faulted", story.Told(2, 0, 600));
    }

    [Fact]
    public void Transients_and_minor_faults_do_not_make_a_port_faulted()
    {
        var story = new PileStory().HeardBetween(0, 600).Status(0, 1, PortStatus.Available)
            .Fault(100, 1, 210, FaultEvent.Raised).Fault(159, 1, 210, FaultEvent.Cleared)
            .Fault(200, 1, 208, FaultEvent.Raised).Fault(300, 1, 4711, FaultEvent.Raised);
        Assert.Equal("0-600 Available", story.Told(1, 0, 600));
    }

    [Fact]
    public void Offline_covers_unavailable_covers_faulted_covers_the_report()
    {
        var story = new PileStory().Status(0, 1, PortStatus.Charging).Fault(10, 1, 201, FaultEvent.Raised)
            .Status(20, 0, PortStatus.Unavailable).Heard(500).Status(510, 0, PortStatus.Available)
            .Fault(520, 1, 201, FaultEvent.Cleared);
        Assert.Equal(
            "0-10 Charging, 10-20 Faulted, 20-200 Unavailable, 200-500 Offline, 500-510 Unavailable, 510-520 Faulted, 520-530 Charging",
            story.Told(1, 0, 530));
    }

    [Fact]
    public void Only_commissioned_time_counts_and_earlier_words_are_remembered()
    {
        var story = new PileStory().Valid(100, 200).Valid(300, null, ports: 1).HeardBetween(-60, 600)
            .Status(-50, 1, PortStatus.Available).Status(-50, 2, PortStatus.Charging);
        Assert.Equal("100-200 Available, 300-600 Available", story.Told(1, 0, 600));
        Assert.Equal("100-200 Charging", story.Told(2, 0, 600));
    }

    [Fact]
    public void Of_two_words_at_one_moment_the_one_sent_last_counts()
    {
        var story = new PileStory().HeardBetween(0, 60).Status(0, 1, PortStatus.Available).Status(0, 1, PortStatus.Charging);
        story.Statuses.Reverse();
        Assert.Equal("0-60 Charging", story.Told(1, 0, 60));
    }

    [Fact]
    public void Nothing_after_the_evaluation_exists()
    {
        var story = new PileStory().HeardBetween(0, 600).Status(0, 1, PortStatus.Available).Status(300, 1, PortStatus.Charging);
        Assert.Equal("0-200 Available", story.Told(1, 0, 600, evaluation: 200));
        Assert.Equal("", story.Told(1, 300, 600, evaluation: 200));
    }
}
