using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Charging;

namespace SmartCity.Tests.Faults;

public sealed class FaultLogTests
{
    private const FaultEvent Raised = FaultEvent.Raised;
    private const FaultEvent Cleared = FaultEvent.Cleared;

    [Fact]
    public void The_table_knows_its_numbers_and_calls_everything_else_vendor_other()
    {
        Assert.Equal(("RELAY_STUCK_CLOSED", Severity.Critical, TimeSpan.Zero), Row(301));
        Assert.Equal(("METER_FAILURE", Severity.Major, TimeSpan.FromMinutes(3)), Row(401));
        Assert.Equal(("AMBIENT_UNDER_TEMPERATURE", Severity.Minor, TimeSpan.FromMinutes(10)), Row(107));
        Assert.Equal((999, Severity.Minor), (FaultCode.Find(4711).Number, FaultCode.Find(4711).Severity));
        Assert.Equal(44, FaultCode.All.Count);
        Assert.All(FaultCode.All, code => Assert.NotEmpty(code.ChineseName));

        static (string, Severity, TimeSpan) Row(int number) =>
            (FaultCode.Find(number).Name, FaultCode.Find(number).Severity, FaultCode.Find(number).Debounce);
    }

    [Theory]
    [InlineData(102, null, Severity.Major)]
    [InlineData(102, 79.9, Severity.Major)]
    [InlineData(102, 80.0, Severity.Critical)]
    [InlineData(103, 90.0, Severity.Major)]
    public void Only_heat_depends_on_the_value(int number, double? value, Severity severity) =>
        Assert.Equal(severity, FaultCode.SeverityOf(number, value));

    [Fact]
    public void A_fault_lasts_from_its_first_raise_to_its_clearing()
    {
        var log = Log(new PileStory().Fault(10, 1, 201, Raised).Fault(70, 1, 201, Cleared));
        var fault = Assert.Single(log.Faults);
        Assert.Equal((10d, 70d, false), (Second(fault.Raised), Second(fault.Cleared!.Value), fault.IsTransient));
        Assert.Equal("P1/1/201/" + PileStory.At(10).Milliseconds, fault.Id);
    }

    [Fact]
    public void Ports_and_codes_are_separate()
    {
        var log = Log(new PileStory().Fault(10, 1, 201, Raised).Fault(11, 2, 201, Raised).Fault(12, 1, 202, Raised)
            .Fault(13, 1, 201, Cleared));
        Assert.Equal([true, false, false], log.Faults.Select(f => f.Cleared is not null));
    }

    [Fact]
    public void A_second_raise_matters_only_when_it_is_worse()
    {
        var log = Log(new PileStory().Fault(10, 1, 102, Raised, 70).Fault(20, 1, 102, Raised, 60).Fault(30, 1, 102, Raised, 85)
            .Fault(40, 1, 102, Raised, 70));
        var fault = Assert.Single(log.Faults);
        Assert.Equal((10d, Severity.Critical, 85d), (Second(fault.Raised), fault.Severity, fault.Value));
        Assert.Equal([20d, 40d], log.Ignored.Select(i => Second(i.At)));
    }

    [Fact]
    public void Clearing_what_is_not_open_changes_nothing_and_is_counted()
    {
        var log = Log(new PileStory().Fault(10, 1, 201, Cleared).Fault(20, 1, 201, Raised));
        Assert.Null(Assert.Single(log.Faults).Cleared);
        Assert.Equal(10, Second(Assert.Single(log.Ignored).At));
    }

    [Fact]
    public void Cleared_before_its_debounce_it_is_a_transient_and_exactly_then_it_is_not()
    {
        Assert.True(Log(new PileStory().Fault(0, 1, 210, Raised).Fault(59.999, 1, 210, Cleared)).Faults[0].IsTransient);
        var fault = Log(new PileStory().Fault(0, 1, 210, Raised).Fault(60, 1, 210, Cleared)).Faults[0];
        Assert.Equal((false, true), (fault.IsTransient, fault.CountsAt(PileStory.At(60))));
    }

    [Fact]
    public void While_its_debounce_runs_a_fault_neither_counts_nor_is_a_transient()
    {
        var fault = FaultLog.Of(new PileStory().Fault(0, 1, 210, Raised).Faults, PileStory.At(30)).Faults[0];
        Assert.Equal((false, false, true), (fault.IsTransient, fault.CountsAt(PileStory.At(30)),
            fault.CountsAt(PileStory.At(60))));
    }

    [Fact]
    public void An_unknown_number_is_vendor_other_with_the_vendors_text()
    {
        var log = Log(new PileStory().Fault(0, 1, 4711, Raised).Fault(1, 2, 4712, Raised, vendor: "E7"));
        Assert.Equal([(999, "4711"), (999, "E7")], log.Faults.Select(f => (f.Code.Number, f.VendorCode)));
    }

    [Fact]
    public void Silence_raises_a_derived_offline_fault_of_the_pile_that_is_open_until_it_is_heard()
    {
        var story = new PileStory().Heard(0).Heard(400);
        var faults = Offline(story, 500);
        Assert.Equal([(180d, 400d)], faults.Select(f => (Second(f.Raised), Second(f.Cleared!.Value))));
        Assert.All(faults, f => Assert.Equal((0, 701, true, Severity.Major), (f.Port, f.Code.Number, f.Derived, f.Severity)));
        Assert.Null(Offline(story, 700)[1].Cleared);
    }

    [Fact]
    public void A_pile_is_not_missed_while_it_is_not_commissioned()
    {
        var story = new PileStory().Valid(0, 300).Valid(300, 600).Valid(900, null).Heard(0);
        Assert.Equal([(180d, 600d), (900d, -1d)], Offline(story, 1000)
            .Select(f => (Second(f.Raised), f.Cleared is { } c ? Second(c) : -1)));
    }

    private static FaultLog Log(PileStory story) => FaultLog.Of(story.Faults, PileStory.At(100_000));

    private static List<Fault> Offline(PileStory story, double evaluation)
    {
        var history = story.History();
        return [.. DerivedFaults.Offline(history, Domain.Charging.OfflineSpans.Of(history, PileStory.At(evaluation)))];
    }

    private static double Second(Instant at) => (at - PileStory.Start).TotalSeconds;
}
