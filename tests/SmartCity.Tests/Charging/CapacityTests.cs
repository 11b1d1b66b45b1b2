using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

public sealed class CapacityTests
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;

    // Rates are estimated to about 1 / sqrt(arrivals) and the busiest of 24 hours is a little above their mean: 8 % is generous for the
    // thousands that come here, while what was carried is too low by twice as much.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_load_is_found_though_who_came_while_it_was_full_was_never_seen(int seed)
    {
        const double Erlang = 10;
        var compound = BusyCompound.Play(new Random(seed), ports: 10, days: 200, _ => Erlang / 4, u => -4 * Math.Log(1 - u));
        var use = compound.Use();

        var load = OfferedLoad.Of(use)!;

        var carried = use.StaysMs.Sum() / 3_600_000d / (200 * 24);
        Assert.InRange(load.Erlang / Erlang, 0.92, 1.08);
        Assert.InRange(carried / Erlang, 0.70, 0.85);
        var advice = CapacityAdvice.Of(use, 0.02);
        Assert.InRange(advice.Blocking!.Value, 0.18, 0.25);
        Assert.InRange((double)compound.Blocked / compound.Came, 0.19, 0.24);
        Assert.InRange(advice.PortsToAdd!.Value, 6, 8); // 17 ports for 10 erlang at 2 %.
        Assert.InRange(Erlang, advice.Low!.Value.Erlang, advice.High!.Value.Erlang);
        Assert.Empty(advice.Caveats);
    }

    [Fact]
    public void An_evening_rush_on_top_of_long_stays_is_found_though_it_is_often_full()
    {
        double Rate(int hour) => hour is >= 17 and < 22 ? 4 : 0.5;
        double Stay(double u) => 3 + (4 * u);
        var open = BusyCompound.Play(new Random(7), ports: 60, days: 120, Rate, Stay);
        var tight = BusyCompound.Play(new Random(8), ports: 13, days: 120, Rate, Stay);

        var truth = OfferedLoad.Of(open.Use())!;
        var load = OfferedLoad.Of(tight.Use())!;

        Assert.Equal(0, open.Blocked);
        Assert.InRange(tight.Blocked, 500, 1200);
        // With ports for all, the load of an hour is what was taken in it: seen by counting, without any model.
        Assert.InRange(truth.Erlang / BusiestOccupied(open), 0.95, 1.05);
        Assert.Equal(21, truth.BusiestHour);
        Assert.InRange(load.Erlang / truth.Erlang, 0.9, 1.1);
        // Who came before the hour is still there: the arrivals of the hour times the stay would be a seventh more.
        Assert.InRange(truth.ArrivalsPerHour * 5 / truth.Erlang, 1.08, 1.25);
    }

    [Fact]
    public void Who_takes_the_last_port_came_while_one_was_free_and_who_follows_on_the_same_plug_did_not()
    {
        var story = new PileStory(ports: 2).HeardBetween(-60, Day);
        foreach (var port in (int[])[1, 2])
        {
            story.Status(-60, port, PortStatus.Available).Status(port * Hour, port, PortStatus.Plugged)
                .Status((port * Hour) + 30, port, PortStatus.Charging)
                .Session((port * Hour) + 20, "S" + port, SessionEvent.Started, port: port)
                .Session(6 * Hour, "S" + port, SessionEvent.Ended, port: port).Status(10 * Hour, port, PortStatus.Available);
        }
        story.Session(7 * Hour, "swapped", SessionEvent.Started).Session(9 * Hour, "swapped", SessionEvent.Ended);

        var use = UseOf(story);

        Assert.Equal([1, 2], HoursWith(use.Arrivals));
        Assert.Equal((2, 3), (use.Arrivals.Sum(), use.Sessions));
        Assert.Equal((16 * Hour * 1000L, 8 * Hour * 1000L, 0), (use.OpenMs.Sum(), use.SaturatedMs.Sum(), use.UnknownMs));
        Assert.Equal([8 * Hour * 1000L, 9 * Hour * 1000L], use.StaysMs);
        Assert.Equal(17 / 3d, use.HoldHours!.Value, 12);
    }

    [Fact]
    public void Time_in_which_too_few_were_seen_or_none_was_in_order_is_not_known_and_who_was_there_before_did_not_come()
    {
        var story = new PileStory(ports: 1).HeardBetween(-60, 12 * Hour).Status(-60, 1, PortStatus.Charging)
            .Session(60, "before", SessionEvent.Started).Session(3000, "before", SessionEvent.Ended)
            .Status(Hour, 1, PortStatus.Available).Status(4 * Hour, 1, PortStatus.Faulted).Status(6 * Hour, 1, PortStatus.Available);

        var use = UseOf(story);

        Assert.Equal((0, 0, null), (use.Arrivals.Sum(), use.Sessions, use.HoldHours));
        Assert.Equal((9 * Hour) + 180, (use.OpenMs.Sum() / 1000));
        Assert.Equal((Hour, (14 * Hour) - 180), (use.SaturatedMs.Sum() / 1000, use.UnknownMs / 1000));
        var advice = CapacityAdvice.Of(use, 0.02);
        Assert.Equal((null, null, null), (advice.Load, advice.Blocking, advice.PortsToAdd));
        Assert.Equal(
            [CapacityCaveat.FewSessions, CapacityCaveat.ShortTime, CapacityCaveat.MuchUnseen, CapacityCaveat.NotObserved],
            advice.Caveats);
    }

    [Fact]
    public void A_compound_that_was_never_seen_free_has_no_advice_and_one_that_nobody_used_lacks_nothing()
    {
        var full = UseOf(new PileStory(ports: 1).HeardBetween(-60, Day).Status(-60, 1, PortStatus.Charging));
        var idle = UseOf(new PileStory(ports: 1).HeardBetween(-60, Day).Status(-60, 1, PortStatus.Available));

        Assert.Null(CapacityAdvice.Of(full, 0.02).PortsToAdd);
        Assert.Contains(CapacityCaveat.NotObserved, CapacityAdvice.Of(full, 0.02).Caveats);
        var nothing = CapacityAdvice.Of(idle, 0.02);
        Assert.Equal((0d, 0, 0d), (nothing.Load!.Erlang, nothing.PortsToAdd, nothing.Blocking));
        Assert.Contains(CapacityCaveat.FewSessions, nothing.Caveats);
    }

    [Fact]
    public void An_hour_that_is_always_full_takes_the_rate_of_its_neighbours_and_says_so()
    {
        var use = new CapacityUse
        {
            CompoundId = "C", Kind = default, Ports = 1, Sessions = 60, StaysMs = [.. Enumerable.Repeat(Hour * 1000L, 60)],
        };
        for (var hour = 0; hour < 24; hour++)
        {
            use.OpenMs[hour] = hour == 20 ? 0 : 10 * Hour * 1000L;
            use.SaturatedMs[hour] = hour == 20 ? 10 * Hour * 1000L : 0;
            use.Arrivals[hour] = hour switch { 19 => 20, 21 => 40, 20 => 0, _ => 0 };
        }

        var advice = CapacityAdvice.Of(use, 0.02);

        // Half of who comes at 21 and half of who came at 20, each for an hour: (4 + 3) / 2.
        Assert.Equal((21, 4d, 1), (advice.Load!.BusiestHour, advice.Load.ArrivalsPerHour, advice.Load.BorrowedHours));
        Assert.Equal(3.5, advice.Load.Erlang, 9);
        Assert.Equal([CapacityCaveat.HoursBorrowed], advice.Caveats);
        Assert.Equal(ErlangB.PortsFor(3.5, 0.02) - 1, advice.PortsToAdd);
        // 40 in 10 h, and 60 in 20 h: variances 0.4 and 0.15, each weighed with a quarter.
        Assert.Equal(Math.Sqrt((0.4 + 0.15) / 4), advice.Load.Deviation, 9);
    }

    [Theory]
    [InlineData(3_600, 0, 0)] // A single day.
    [InlineData(0, 3_600, 0)] // Full all of its only hour: two would be needed to tell.
    [InlineData(7_199, 1, 1)]
    [InlineData(7_200, 7_200, 0)]
    public void An_hour_is_said_to_borrow_only_where_it_was_full_and_not_where_little_was_seen(int open, int full, int hours)
    {
        var use = new CapacityUse
        {
            CompoundId = "C", Kind = default, Ports = 1, Sessions = 60, StaysMs = [.. Enumerable.Repeat(Hour * 1000L, 60)],
        };
        for (var hour = 0; hour < 24; hour++)
        {
            (use.OpenMs[hour], use.SaturatedMs[hour]) = hour == 20 ? (open * 1000L, full * 1000L) : (3 * Hour * 1000L, 0);
        }

        var advice = CapacityAdvice.Of(use, 0.02);
        Assert.Equal(hours, advice.Load!.BorrowedHours);
        Assert.Equal(hours > 0, advice.Caveats.Contains(CapacityCaveat.HoursBorrowed));
    }

    private static CapacityUse UseOf(PileStory story)
    {
        var buckets = Buckets.Of(
            BucketKind.Whole, PileStory.Start, PileStory.At(Day), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var table = new CapacityTable(buckets, buckets.Until, ChargingRules.Default);
        table.Add(story.History(), new PileGroups([0], false), story.Timeline(0, Day), story.Ledger(Day).Sessions);
        return Assert.Single(table.Uses());
    }

    private static IEnumerable<int> HoursWith(int[] counts) => Enumerable.Range(0, 24).Where(hour => counts[hour] > 0);

    /// <summary>The most ports that were taken at the same time, on average over the days, in any hour of the day.</summary>
    private static double BusiestOccupied(BusyCompound compound)
    {
        var taken = new double[24];
        var buckets = Buckets.Of(
            BucketKind.Whole, PileStory.Start, PileStory.At(120 * Day), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        foreach (var segment in compound.Segments.Where(s => s.Status == PortStatus.Charging))
        {
            for (var at = segment.From; at < segment.Until; at += TimeSpan.FromMinutes(1))
            {
                taken[buckets.HourOf[buckets.CellAt(at)]] += 1 / 60d / 120;
            }
        }
        return taken.Max();
    }
}
