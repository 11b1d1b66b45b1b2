using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

public sealed class OverstaysTests
{
    [Fact]
    public void A_plug_that_stays_in_after_the_charge_is_one_overstay_with_its_session_and_its_last_status()
    {
        var story = new PileStory().HeardBetween(0, 900).Status(0, 1, PortStatus.Available).Status(10, 1, PortStatus.Plugged)
            .Session(20, "S", SessionEvent.Started).Status(20, 1, PortStatus.Charging).Session(300, "S", SessionEvent.Ended)
            .Status(300, 1, PortStatus.FinishedPlugged).Status(500, 1, PortStatus.Plugged).Status(800, 1, PortStatus.Available);
        Assert.Equal(["1 10-20 Plugged -", "1 300-800 Plugged S"], Told(story, 0));
    }

    [Fact]
    public void Only_those_that_last_longer_than_the_threshold_count()
    {
        var story = new PileStory().HeardBetween(0, 900).Status(0, 1, PortStatus.Available).Status(100, 1, PortStatus.Plugged)
            .Status(400, 1, PortStatus.Available);
        Assert.Equal(["1 100-400 Plugged -"], Told(story, 299.999));
        Assert.Empty(Told(story, 300));
    }

    [Fact]
    public void Time_that_was_not_seen_ends_an_overstay_but_not_the_plug_s_session()
    {
        var story = new PileStory().Session(0, "S", SessionEvent.Started).Status(0, 1, PortStatus.Charging)
            .Session(60, "S", SessionEvent.Ended).Status(60, 1, PortStatus.FinishedPlugged).Heard(500).Heard(600)
            .Status(620, 1, PortStatus.Available).Status(630, 1, PortStatus.Plugged).Status(700, 1, PortStatus.Available);
        Assert.Equal(
            ["1 60-240 FinishedPlugged S", "1 500-620 FinishedPlugged S", "1 630-700 Plugged -"], Told(story, 0));
    }

    [Fact]
    public void Load_shedding_counts_and_ports_are_apart()
    {
        var story = new PileStory().HeardBetween(0, 900).Session(10, "S", SessionEvent.Started)
            .Status(0, 1, PortStatus.SuspendedByPile).Status(0, 2, PortStatus.FinishedPlugged);
        Assert.Equal(["1 0-900 SuspendedByPile S", "2 0-900 FinishedPlugged -"], Told(story, 0));
    }

    private static IEnumerable<string> Told(PileStory story, double longerThan) =>
        Overstays.Of(story.Timeline(0, 900), story.Ledger(900).Sessions, TimeSpan.FromSeconds(longerThan)).Select(o =>
            $"{o.Port} {(o.Since - PileStory.Start).TotalSeconds}-{(o.Until - PileStory.Start).TotalSeconds} {o.Status} "
            + (o.Session ?? "-"));
}
