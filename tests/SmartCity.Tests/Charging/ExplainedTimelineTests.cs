using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

public sealed class ExplainedTimelineTests
{
    [Fact]
    public void Every_status_says_whether_port_pile_fault_or_silence_caused_it()
    {
        var story = new PileStory(ports: 1).Status(60, 1, PortStatus.Charging).Status(100, 0, PortStatus.Unavailable)
            .Status(150, 0, PortStatus.Available).Fault(200, 1, 201, FaultEvent.Raised).Fault(200, 0, 209, FaultEvent.Raised)
            .Fault(250, 1, 201, FaultEvent.Cleared).Fault(250, 0, 209, FaultEvent.Cleared).Heard(300).Heard(600);
        story.Heard(0);
        Assert.Equal(
            [
                "0-60 Unknown NoReport", "60-100 Charging Reported", "100-150 Unavailable Pile", "150-200 Charging Reported",
                "200-250 Faulted Fault 201 209", "250-480 Charging Reported", "480-600 Offline Silence",
                "600-650 Charging Reported",
            ],
            Told(story.Explained(0, 650).All()));
    }

    [Fact]
    public void A_port_that_is_out_of_order_by_its_own_word_says_so_and_a_word_we_do_not_know_is_kept()
    {
        var story = new PileStory(ports: 1).HeardBetween(0, 300).Status(0, 1, PortStatus.Unavailable)
            .Status(10, 0, PortStatus.Unavailable).Status(60, 1, PortStatus.Faulted).Status(70, 0, PortStatus.Available)
            .Status(100, 1, PortStatus.Available).Status(120, 0, PortStatus.Faulted).Status(200, 0, PortStatus.Available);
        story.Statuses.Add(story.Statuses[^1] with
        {
            Stamp = story.Statuses[^1].Stamp with { Time = PileStory.At(240), Sequence = 999 },
            Port = 1, Status = PortStatus.Unknown, VendorStatus = "napping",
        });
        Assert.Equal(
            [
                "0-70 Unavailable Reported", "70-100 Faulted Reported", "100-120 Available Reported", "120-200 Faulted Pile",
                "200-240 Available Reported", "240-300 Unknown Reported napping",
            ],
            Told(story.Explained(0, 300).All()));
        // While its own word was another one, the pile's is what counts.
        Assert.Equal(["0-70 Unavailable Pile"], Told(story.Explained(0, 300).At(PileStory.At(65))));
    }

    [Fact]
    public void A_fault_that_follows_the_status_it_explains_is_told_for_all_of_it_and_a_transient_never()
    {
        var story = new PileStory(ports: 1).HeardBetween(0, 300).Status(10, 1, PortStatus.Faulted)
            .Fault(20, 1, 210, FaultEvent.Raised).Fault(50, 1, 210, FaultEvent.Cleared).Fault(90, 1, 201, FaultEvent.Raised)
            .Status(100, 1, PortStatus.Faulted);
        Assert.Equal(["10-300 Faulted Fault 201"], Told(story.Explained(10, 300).All()));
        Assert.Equal(["10-300 Faulted Reported"], Told(story.Explained(10, 300).At(PileStory.At(85))));
        Assert.Equal(["10-300 Faulted Fault 201"], Told(story.Explained(10, 300).At(PileStory.At(90))));
    }

    [Fact]
    public void A_new_version_of_the_registry_does_not_cut_a_status_but_time_out_of_service_does()
    {
        var story = new PileStory(ports: 1).Valid(0, 100).Valid(100, 200, compound: "C2").Valid(230, null)
            .HeardBetween(0, 300).Status(0, 1, PortStatus.Charging);
        Assert.Equal(["0-200 Charging Reported", "230-300 Charging Reported"], Told(story.Explained(0, 300).All()));
        Assert.Empty(story.Explained(0, 300).At(PileStory.At(210)));
        Assert.Equal(["230-300 Charging Reported"], Told(story.Explained(0, 300).At(PileStory.At(230))));
    }

    private static IEnumerable<string> Told(IEnumerable<ExplainedSegment> segments) => segments.Select(s =>
        ($"{(s.From - PileStory.Start).TotalSeconds}-{(s.Until - PileStory.Start).TotalSeconds} {s.Status} {s.Cause} "
            + $"{string.Join(' ', s.FaultCodes)}{s.VendorStatus}").TrimEnd());
}
