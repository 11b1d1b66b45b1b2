using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 15: every change of a verdict has a cause.</summary>
public sealed class VerdictDiffTests
{
    private static Town Seen(Action<TruckLog>? day = null)
    {
        var town = new Town().Truck("T1").Point("P", 300);
        day?.Invoke(town.Log("T1"));
        return town;
    }

    private static VerdictChange? Between(Town before, string then, Town after, string now, params Milestone[] confirmations) =>
        VerdictDiff.Of(
            before.Outcome(evaluation: then), after.Outcome(evaluation: now), confirmations, SanitationRules.Default, Town.At(now));

    [Theory]
    [InlineData("03:29:59", "03:30:01", Verdict.Pending, "03:30:00")]
    [InlineData("08:14:00", "08:16:00", Verdict.Overdue, "08:15:00")]
    [InlineData("09:59:00", "10:01:00", Verdict.Missed, "10:00:00")]
    [InlineData("03:00:00", "08:16:00", Verdict.Overdue, "08:15:00")]
    public void Time_alone_changes_it_at_a_moment_of_its_schedule(string then, string now, Verdict verdict, string at)
    {
        var town = Seen(_ => { });
        var change = Between(town, then, town, now)!;
        Assert.Equal((verdict, ChangeCause.Time, Town.At(at), false), (change.Verdict, change.Cause, change.Time, change.IsRestatement));
    }

    [Fact]
    public void Without_another_verdict_there_is_no_change()
    {
        var town = Seen(_ => { });
        Assert.Null(Between(town, "05:00:00", town, "06:00:00"));
        Assert.Null(Between(town, "10:01:00", town, "2026-11-25 12:00:00"));
    }

    [Fact]
    public void A_truck_that_came_is_told()
    {
        var town = Seen(log => log.Stay("06:00:00", "06:02:00", 300));
        var change = Between(town, "05:59:00", town, "06:03:00")!;
        Assert.Equal((Verdict.OnTime, ChangeCause.Telemetry, Town.At("06:03:00")), (change.Verdict, change.Cause, change.Time));
        Assert.Equal("Truck T1 served it at 06:00:00, as what was received tells.", change.Reason);
    }

    [Theory]
    [InlineData("10:30:00", false)]
    [InlineData("2026-11-24 09:59:59", false)]
    [InlineData("2026-11-24 10:00:00", true)]
    public void What_comes_late_restates_a_verdict_once_it_is_final(string now, bool isRestatement)
    {
        var blind = Seen(log => log.Blind("05:00:00", "09:00:00"));
        var seen = Seen(log => log.Blind("05:00:00", "09:00:00").Fix("06:00:00", 300).Fix("06:01:00", 300));
        var change = Between(blind, "10:10:00", seen, now)!;
        Assert.Equal((Verdict.OnTime, ChangeCause.Telemetry, isRestatement), (change.Verdict, change.Cause, change.IsRestatement));
    }

    [Fact]
    public void An_exception_is_named_with_who_approved_it_and_its_end_is_told()
    {
        var town = Seen(_ => { }).Except(ExceptionKind.Excuse, "09:00:00", e => e with { Ended = Town.At("12:00:00"), EndedBy = "Li" });
        var approved = Between(town, "09:00:30", town, "09:02:00")!;
        Assert.Equal(
            (Verdict.Excused, ChangeCause.Exception, Town.At("09:01:00"), "Wang approved exception X0 (SNOW_EMERGENCY)."),
            (approved.Verdict, approved.Cause, approved.Time, approved.Reason));
        var ended = Between(town, "11:59:00", town, "12:01:00")!;
        Assert.Equal((Verdict.Missed, ChangeCause.Exception), (ended.Verdict, ended.Cause));
    }

    [Fact]
    public void An_exception_that_came_with_a_truck_did_not_serve_the_point()
    {
        var town = Seen(log => log.Stay("06:00:00", "06:02:00", 300)).Except(ExceptionKind.ExtendGrace, "01:00:00", e => e with
        {
            By = TimeSpan.FromMinutes(30), Approved = Town.At("06:01:00"),
        });
        Assert.Equal(ChangeCause.Telemetry, Between(town, "05:59:00", town, "06:03:00")!.Cause);
    }

    [Fact]
    public void A_confirmation_is_the_cause_only_where_it_is_what_serves_the_point()
    {
        var said = new Milestone(Town.At("06:02:00"), ChangeCause.Confirmation, "Li confirmed the collection (c1).");
        var open = Seen(_ => { });
        var change = Between(open, "06:00:00", Seen(log => log.Manual("06:01:00", east: 300)), "06:03:00", said)!;
        Assert.Equal((ChangeCause.Confirmation, said.Time, said.Reason), (change.Cause, change.Time, change.Reason));
        Assert.Equal(ChangeCause.Time, Between(open, "08:14:00", open, "08:16:00", said)!.Cause);
    }

    [Fact]
    public void What_the_registry_learned_or_changed_is_told()
    {
        var town = Seen(_ => { });
        var born = VerdictDiff.Of(null, town.Outcome(evaluation: "05:00:00"), [], SanitationRules.Default, Town.At("05:00:00"))!;
        Assert.Equal((Verdict.Pending, ChangeCause.Schedule, false), (born.Verdict, born.Cause, born.IsRestatement));
        var later = Seen(_ => { }).Window("MORNING", "06:30", "09:00");
        Assert.Equal(ChangeCause.Schedule, Between(town, "05:00:00", later, "05:01:00")!.Cause);
    }
}
