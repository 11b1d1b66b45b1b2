using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Live;

public sealed class PortStateTests
{
    private readonly Town town = new();

    [Fact]
    public void A_port_that_never_spoke_is_unknown_and_stale()
    {
        var port = town.Port();

        Assert.Equal((PortStatus.Unknown, PortStatus.Unknown, true), (port.Status, port.LastKnown, port.Stale));
    }

    [Fact]
    public void A_port_shows_what_it_reported_last_and_since_when()
    {
        town.Tell(
            Say.Status(-60, PortStatus.Available), Say.Status(-30, PortStatus.Charging), Say.Status(-10, PortStatus.Charging));

        var port = town.Port();

        Assert.Equal(PortStatus.Charging, port.Status);
        Assert.Equal(Town.Start - TimeSpan.FromSeconds(30), port.Since);
        Assert.False(port.Stale);
    }

    [Fact]
    public void Late_data_does_not_move_the_state_back()
    {
        town.Tell(Say.Status(-10, PortStatus.Charging, sequence: 2), Say.Meter(-10, 300, sequence: 3));
        town.Tell(Say.Status(-3_000, PortStatus.Faulted, sequence: 0), Say.Meter(-3_000, 5, sequence: 1));

        var port = town.Port();

        Assert.Equal(PortStatus.Charging, port.Status);
        Assert.Equal(300, port.LastMeter?.PowerW);
    }

    [Fact]
    public void A_reading_is_current_for_two_report_intervals_and_not_before_a_status_without_power()
    {
        town.Tell(Say.Status(0, PortStatus.Charging, sequence: 1), Say.Meter(0, 300, sequence: 2));
        town.Pass(120);
        Assert.True(town.Port().MeterCurrent);
        var version = town.Port().Version;
        town.Pass(0.001);
        Assert.False(town.Port().MeterCurrent);
        // Whoever watches is told that it is old.
        Assert.True(town.Port().Version > version);

        town.Tell(Say.Meter(121, 310, sequence: 3));
        town.Pass(2);
        Assert.True(town.Port().MeterCurrent);
        town.Tell(Say.Status(122, PortStatus.Available, sequence: 4));
        Assert.Equal((false, 310d), (town.Port().MeterCurrent, town.Port().LastMeter!.Value.PowerW));
        town.Tell(Say.Meter(122, 0, sequence: 5));
        Assert.Equal((true, 0d), (town.Port().MeterCurrent, town.Port().LastMeter!.Value.PowerW));
    }

    [Fact]
    public void Silence_makes_ports_offline_without_any_message_and_a_word_brings_them_back()
    {
        town.Tell(Say.Status(0, PortStatus.Available), Say.Status(0, PortStatus.Charging, port: 2));
        town.Pass(179.999);
        var still = town.Port();
        town.Pass(0.001);
        var offline = town.Port();
        town.Pass(1);
        town.Tell(Say.Meter(181, 200, port: 2));
        var back = town.Port();

        Assert.Equal((PortStatus.Available, true), (still.Status, still.Stale));
        Assert.Equal((PortStatus.Offline, PortStatus.Available), (offline.Status, offline.LastKnown));
        Assert.Equal(Town.Start + TimeSpan.FromSeconds(180), offline.Since);
        Assert.Equal((PortStatus.Available, false), (back.Status, back.Stale));
        Assert.Equal(Town.Start + TimeSpan.FromSeconds(181), back.Since);
    }

    [Fact]
    public void A_port_is_stale_after_half_the_time_to_offline()
    {
        town.Tell(Say.Status(0, PortStatus.Available));
        town.Pass(90);
        var fresh = town.Port().Stale;
        town.Pass(0.001);

        Assert.Equal((false, true), (fresh, town.Port().Stale));
    }

    [Fact]
    public void A_will_moves_the_beginning_of_offline_to_its_arrival()
    {
        town.Tell(Say.Status(0, PortStatus.Available), Say.Conn(-500, online: false, received: 20));
        town.Pass(181);

        Assert.Equal((PortStatus.Offline, Town.Start + TimeSpan.FromSeconds(20)), (town.Port().Status, town.Port().Since));
    }

    [Fact]
    public void A_will_is_not_a_sign_of_life()
    {
        town.Tell(Say.Status(0, PortStatus.Available));
        town.Pass(170);
        town.Tell(Say.Conn(170, online: false));
        town.Pass(11);

        Assert.Equal(PortStatus.Offline, town.Port().Status);
    }

    [Fact]
    public void A_fault_shows_after_its_debounce_and_until_it_is_cleared()
    {
        town.Tell(Say.Status(0, PortStatus.Available), Say.Fault(0, FaultEvent.Raised, 102));
        var early = town.Port();
        town.Pass(30);
        var visible = town.Port();
        town.Tell(Say.Fault(30, FaultEvent.Cleared, 102, sequence: 1));
        var cleared = town.Port();

        Assert.Equal(PortStatus.Available, early.Status);
        Assert.Empty(early.FaultCodes);
        Assert.Equal((PortStatus.Faulted, Town.Start + TimeSpan.FromSeconds(30)), (visible.Status, visible.Since));
        Assert.Equal([102], visible.FaultCodes);
        Assert.Equal(PortStatus.Available, cleared.Status);
        Assert.Empty(cleared.FaultCodes);
    }

    [Fact]
    public void A_fault_of_the_pile_concerns_every_port_and_a_minor_one_stops_none()
    {
        town.Tell(Say.Status(0, PortStatus.Available, 1), Say.Status(0, PortStatus.Available, 2));
        town.Tell(Say.Fault(0, FaultEvent.Raised, 603, port: 0), Say.Fault(0, FaultEvent.Raised, 901, port: 2, sequence: 1));

        Assert.Equal((PortStatus.Faulted, PortStatus.Faulted), (town.Port(1).Status, town.Port(2).Status));
        Assert.Equal([603], town.Port(1).FaultCodes);
        Assert.Equal([603, 901], town.Port(2).FaultCodes);

        town.Tell(Say.Fault(0, FaultEvent.Cleared, 603, port: 0, sequence: 2));

        Assert.Equal(PortStatus.Available, town.Port(2).Status);
    }

    [Fact]
    public void The_pile_out_of_service_takes_its_ports_with_it_until_it_is_lifted()
    {
        town.Tell(Say.Status(-5, PortStatus.Charging), Say.Status(-4, PortStatus.Unavailable, port: 0));
        var down = town.Port();
        town.Tell(Say.Status(-3, PortStatus.Available, port: 0));

        Assert.Equal((PortStatus.Unavailable, PortStatus.Charging), (down.Status, down.LastKnown));
        Assert.Equal(PortStatus.Charging, town.Port().Status);
    }

    [Fact]
    public void What_a_clock_ahead_of_ours_reports_counts_when_its_time_has_come()
    {
        town.Tell(Say.Status(-5, PortStatus.Available), Say.Status(60, PortStatus.Charging));
        var before = town.Port();
        town.Pass(60);

        Assert.Equal(PortStatus.Available, before.Status);
        Assert.Equal(PortStatus.Charging, town.Port().Status);
    }

    [Fact]
    public void A_meter_sample_of_a_clock_always_ahead_is_still_shown()
    {
        for (var i = 0; i < 5; i++)
        {
            town.Tell(Say.Meter(60 + i, 100 + i, sequence: i));
        }

        Assert.NotNull(town.Port().LastMeter);
    }

    [Theory]
    [InlineData(SessionEvent.Ended)]
    [InlineData(SessionEvent.Unplugged)]
    [InlineData(SessionEvent.Settled)]
    public void A_session_is_on_the_port_from_its_first_word_to_its_end(SessionEvent end)
    {
        town.Tell(Say.Session(-60, SessionEvent.Started, "A"));
        var open = town.Port().Session;
        town.Tell(Say.Session(-30, SessionEvent.ChargeDone, "A"));
        var full = town.Port().Session;
        town.Tell(Say.Session(-10, end, "A"));

        Assert.Equal(("A", "A", null), (open, full, town.Port().Session));
    }

    [Fact]
    public void The_session_that_started_last_is_the_one_on_the_port()
    {
        town.Tell(Say.Session(-60, SessionEvent.Started, "B"));
        town.Tell(Say.Session(-600, SessionEvent.Started, "A"), Say.Meter(-5, 100, session: "B"));

        Assert.Equal("B", town.Port().Session);
    }

    [Fact]
    public void A_session_without_a_word_for_twelve_hours_is_over()
    {
        town.Tell(Say.Meter(0, 100, session: "A"));
        town.Pass((12 * 3600) - 1);
        var open = town.Port().Session;
        town.Pass(1);

        Assert.Equal(("A", null), (open, town.Port().Session));
    }

    [Fact]
    public void How_long_a_session_may_be_silent_is_a_setting()
    {
        var hasty = new Town(sessionHours: 1.5);
        hasty.Tell(Say.Meter(0, 100, session: "A"));
        hasty.Pass((1.5 * 3600) - 1);
        var open = hasty.Port().Session;
        hasty.Pass(1);

        Assert.Equal(("A", null), (open, hasty.Port().Session));
    }

    [Fact]
    public void A_pile_that_is_registered_or_retired_appears_and_disappears_at_once()
    {
        town.Registry = Town.Assets(piles: 3);
        var three = town.City.MapAt(town.Now).Piles.Count;
        town.Registry = Town.Assets(piles: 1);

        Assert.Equal((3, 1), (three, town.City.MapAt(town.Now).Piles.Count));
    }

    [Fact]
    public void More_words_than_are_kept_lose_neither_the_last_one_nor_the_start_of_its_run()
    {
        town.Tell(Say.Status(-2_000, PortStatus.Available));
        for (var i = 0; i < 100; i++)
        {
            town.Tell(Say.Status(-1_000 + i, PortStatus.Charging, sequence: i));
        }
        town.Tell(Say.Meter(0, 1));

        Assert.Equal(PortStatus.Charging, town.Port().Status);
        Assert.Equal(PortStatus.Charging, town.Port().LastKnown);
    }
}
