using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Charging;

namespace SmartCity.Tests.Faults;

public sealed class FaultTableTests
{
    private const int Day = 86_400;
    private const FaultEvent Raised = FaultEvent.Raised;
    private const FaultEvent Cleared = FaultEvent.Cleared;

    [Fact]
    public void Mean_time_to_repair_is_over_faults_cleared_in_the_bucket_and_counts_from_the_raise()
    {
        var table = Count(
            new PileStory().Fault(-100, 1, 210, Raised).Fault(500, 1, 210, Cleared).Fault(1000, 1, 201, Raised)
                .Fault(1200, 1, 201, Cleared).Fault(Day + 5, 2, 201, Raised),
            2 * Day, 3 * Day);
        Assert.Equal(new FaultSums(1, 2, 0, 0, 0, 800_000, 0), table.Row(0, 0));
        Assert.Equal(400, table.Row(0, 0).MttrSeconds);
        Assert.Equal(new FaultSums(1, 0, 0, 0, 1, 0, 0), table.Row(0, 1));
        Assert.Equal(new FaultSums(2, 2, 0, 0, 1, 800_000, 0), table.Total());
        Assert.Equal(500, table.Total().MtbfSeconds(1_000_000));
    }

    [Fact]
    public void Ratios_without_a_denominator_are_absent()
    {
        var none = Count(new PileStory(), Day, Day).Total();
        Assert.Equal((null, null, null), (none.MttrSeconds, none.RepeatRate, none.MtbfSeconds(5)));
    }

    [Fact]
    public void Transients_are_counted_apart_and_in_no_other_figure()
    {
        var table = Count(
            new PileStory().Fault(0, 1, 210, Raised).Fault(30, 1, 210, Cleared).Fault(100, 1, 210, Raised)
                .Fault(200, 1, 210, Cleared),
            Day, Day);
        Assert.Equal(new FaultSums(1, 1, 1, 0, 0, 100_000, 0), table.Total());
    }

    [Fact]
    public void A_fault_is_a_repeat_within_seven_days_of_an_earlier_one_of_its_key()
    {
        var table = Count(
            new PileStory().Fault(0, 1, 201, Raised).Fault(10, 1, 201, Cleared).Fault(7 * Day, 1, 201, Raised)
                .Fault((7 * Day) + 10, 1, 201, Cleared).Fault((14 * Day) + 1, 1, 201, Raised).Fault(20, 2, 201, Raised),
            20 * Day, 20 * Day);
        Assert.Equal((4L, 1L, 0.25), (table.Total().Raised, table.Total().Repeats, table.Total().RepeatRate));
    }

    [Fact]
    public void Open_at_the_end_carries_over_and_ends_at_the_evaluation()
    {
        var table = Count(new PileStory().Fault(10, 1, 201, Raised).Fault(2 * Day, 1, 201, Cleared), 5 * Day, 3.5 * Day);
        Assert.Equal([1L, 1, 0, 0, 0], Enumerable.Range(0, 5).Select(i => table.Row(0, i).OpenAtEnd));
        var open = Count(new PileStory().Fault(10, 1, 201, Raised), 4 * Day, 1.5 * Day);
        Assert.Equal([1L, 1, 0, 0], Enumerable.Range(0, 4).Select(i => open.Row(0, i).OpenAtEnd));
        Assert.Equal(1, open.Total().OpenAtEnd);
    }

    [Fact]
    public void Records_that_changed_nothing_are_counted()
    {
        var table = Count(new PileStory().Fault(0, 1, 201, Raised).Fault(10, 1, 201, Raised).Fault(20, 2, 201, Cleared), Day,
            Day);
        Assert.Equal(2, table.Total().Ignored);
    }

    private static FaultTable Count(PileStory story, double until, double evaluation)
    {
        var at = PileStory.At(evaluation);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var table = new FaultTable(1, Buckets.Of(BucketKind.Day, PileStory.At(0), PileStory.At(until), zone), at);
        var log = FaultLog.Of(story.Faults, at);
        var repeats = FaultTable.Repeats(log.Faults, at);
        foreach (var fault in log.Faults)
        {
            table.Add(0, fault, repeats.Contains(fault));
        }
        foreach (var ignored in log.Ignored)
        {
            table.AddIgnored(0, ignored.At);
        }
        return table;
    }
}
