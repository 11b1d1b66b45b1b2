using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rules 12 to 14: what declared exceptions do, from when on, and what they do not.</summary>
public sealed class ExceptionTests
{
    private static Town Unserved()
    {
        var town = new Town().Truck("T1").Point("P", 300, "MORNING NOON");
        town.Log("T1");
        return town;
    }

    private static Verdict With(ExceptionKind kind, string declared, Func<ObligationException, ObligationException>? otherwise = null) =>
        Unserved().Except(kind, declared, otherwise).Verdict();

    [Fact]
    public void An_exception_holds_from_its_approval_on()
    {
        var town = Unserved().Except(ExceptionKind.Excuse, "09:00:00", e => e with { Approved = Town.At("11:00:00") });
        Assert.Equal(Verdict.Missed, town.Verdict(evaluation: "10:59:59"));
        Assert.Equal(Verdict.Excused, town.Verdict(evaluation: "11:00:00"));
    }

    [Fact]
    public void Without_the_approval_of_somebody_else_nothing_changes()
    {
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { Approver = e.DeclaredBy }));
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { Approver = null }));
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { Approved = null }));
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { Approved = Town.At("08:59:59") }));
    }

    [Fact]
    public void Only_what_is_in_its_scope_changes()
    {
        var other = new HashSet<string> { "Q" };
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { PointIds = other }));
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { WindowKey = "NOON" }));
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { Last = Town.Monday.AddDays(-1) }));
        Assert.Equal(Verdict.Missed, With(ExceptionKind.Excuse, "09:00:00", e => e with { First = Town.Monday.AddDays(1) }));
    }

    [Theory]
    [InlineData(ExceptionKind.Cancel)]
    [InlineData(ExceptionKind.ShiftWindow)]
    [InlineData(ExceptionKind.ExtendGrace)]
    public void Declared_at_the_start_or_later_every_kind_is_an_excuse(ExceptionKind kind)
    {
        static ObligationException Moved(ObligationException e) => e with { By = TimeSpan.FromMinutes(30) };
        Assert.Equal(Verdict.Excused, With(kind, "04:30:00", Moved));
        Assert.NotEqual(Verdict.Excused, With(kind, "04:29:59", Moved));
        Assert.Equal(
            Verdict.Missed, With(kind, "04:30:00", e => Moved(e) with { Reason = ObligationException.VehicleBreakdown }));
    }

    [Theory]
    [InlineData("07:10:00", Verdict.OnTime)] // 04:30 to 08:00 is 06:30 to 10:00.
    [InlineData("06:20:00", Verdict.Early)]
    [InlineData("05:20:00", Verdict.Missed)]
    public void A_shifted_window_takes_its_tolerances_along(string arrival, Verdict expected)
    {
        var town = new Town().Truck("T1").Point("P", 300).Except(
            ExceptionKind.ShiftWindow, "04:00:00", e => e with { By = TimeSpan.FromHours(2) });
        town.Log("T1").Stay(arrival, arrival[..3] + "59:00", 300, speed: 0);
        Assert.Equal(expected, town.Verdict());
    }

    [Fact]
    public void A_shifted_window_moves_the_middle_to_its_neighbour()
    {
        var town = Unserved().Except(
            ExceptionKind.ShiftWindow, "04:00:00", e => e with { WindowKey = "MORNING", By = TimeSpan.FromHours(2) });
        // On time until 10:15, and NOON begins at 11:00.
        Assert.Equal(Town.At("10:37:30"), town.Outcome().Obligation.AcceptUntil);
        Assert.Equal(Town.At("10:37:30"), town.Outcome(key: "NOON").Obligation.AcceptFrom);
    }

    [Fact]
    public void Cancelling_goes_by_the_start_as_it_was_shifted_before()
    {
        var town = Unserved().Except(ExceptionKind.Cancel, "05:00:00")
            .Except(ExceptionKind.ShiftWindow, "04:00:00", e => e with { By = TimeSpan.FromHours(1) });
        Assert.Equal(Verdict.Cancelled, town.Verdict());
    }

    [Theory]
    [InlineData("08:44:30", Verdict.OnTime)]
    [InlineData("08:45:00", Verdict.Late)]
    [InlineData("10:29:30", Verdict.Late)]
    [InlineData("10:30:00", Verdict.Missed)]
    public void An_extended_grace_moves_the_end_of_acceptance_too(string arrival, Verdict expected)
    {
        var town = new Town().Truck("T1").Point("P", 300).Except(
            ExceptionKind.ExtendGrace, "04:00:00", e => e with { By = TimeSpan.FromMinutes(30) });
        town.Log("T1").Stay(arrival, arrival[..3] + "59:00", 300);
        Assert.Equal(expected, town.Verdict());
    }

    [Fact]
    public void A_cancelled_window_keeps_its_share_of_the_time_between_neighbours()
    {
        var town = Unserved().Except(ExceptionKind.Cancel, "04:00:00", e => e with { WindowKey = "NOON" });
        Assert.Equal(Unserved().Outcome().Obligation.AcceptUntil, town.Outcome().Obligation.AcceptUntil);
        Assert.Equal((Verdict.Missed, Verdict.Cancelled), (town.Verdict(), town.Verdict(key: "NOON")));
    }

    [Theory]
    [InlineData("2026-11-25 09:37:30", false, Verdict.Excused)] // 48 h after the cutoff, which NOON moves to 09:37:30.
    [InlineData("2026-11-25 09:37:31", false, Verdict.Missed)]
    [InlineData("2026-11-25 09:37:31", true, Verdict.Excused)]
    public void Later_than_48_hours_an_excuse_needs_a_supervisor(string declared, bool isBySupervisor, Verdict expected)
    {
        var town = Unserved().Except(ExceptionKind.Excuse, declared, e => e with { IsBySupervisor = isBySupervisor });
        Assert.Equal(expected, town.Verdict(evaluation: "2026-11-30 12:00:00"));
    }

    [Fact]
    public void The_excuse_of_a_supervisor_holds_beside_one_that_came_too_late()
    {
        var town = Unserved().Except(ExceptionKind.Excuse, "2026-11-26 10:00:00")
            .Except(ExceptionKind.Excuse, "2026-11-26 11:00:00", e => e with { IsBySupervisor = true });
        Assert.Equal("X1", town.Outcome(evaluation: "2026-11-30 12:00:00").Obligation.Excuse!.Id);
    }

    [Fact]
    public void Excused_and_cancelled_windows_are_not_due()
    {
        var outcome = Unserved().Except(ExceptionKind.Excuse, "09:00:00", e => e with { WindowKey = "MORNING" })
            .Except(ExceptionKind.Cancel, "09:00:00", e => e with { WindowKey = "NOON" }).Judge();
        var figures = Compliance.Of(
            outcome.Obligations, _ => true, _ => "", ServiceDateBucket.Whole, Town.Monday, Town.Monday).Single().Figures;
        Assert.Equal((2, 1, 1, 0), (figures.Scheduled, figures.Excused, figures.Cancelled, figures.Due));
    }

    [Theory]
    [InlineData(ExceptionKind.ShiftWindow, 25)]
    [InlineData(ExceptionKind.ShiftWindow, -25)]
    [InlineData(ExceptionKind.ExtendGrace, 25)]
    [InlineData(ExceptionKind.ExtendGrace, -1)]
    public void Nothing_moves_by_more_than_a_day_and_no_grace_gets_shorter(ExceptionKind kind, int hours)
    {
        var wrong = Assert.Throws<ArgumentException>(() => With(kind, "04:00:00", e => e with { By = TimeSpan.FromHours(hours) }));
        Assert.Contains("X0", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_explanation_names_the_exception_who_declared_and_who_approved_it()
    {
        Assert.Contains(
            "EXCUSED (免责): SNOW_EMERGENCY, declared by Li at 09:00:00 and approved by Wang at 09:01:00.",
            Explained(Unserved().Except(ExceptionKind.Excuse, "09:00:00")));
        Assert.Contains(
            "CANCELLED (取消): SNOW_EMERGENCY, declared by Li at 04:00:00 and approved by Wang at 04:01:00.",
            Explained(Unserved().Except(ExceptionKind.Cancel, "04:00:00")));
        var served = new Town().Truck("T1").Point("P", 300).Except(ExceptionKind.Excuse, "09:00:00");
        served.Log("T1").Stay("06:00:00", "06:02:00", 300);
        var reasons = Explained(served);
        Assert.Contains(reasons, r => r.StartsWith("ON_TIME (按时)", StringComparison.Ordinal));
        Assert.Contains(reasons, r => r.StartsWith("It was excused, which changes nothing", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Explained(Town town)
    {
        var outcome = town.Judge();
        var verdict = outcome.Obligations[0];
        return Explanation.Of(
            verdict, outcome.Visits, [], outcome.WatchOf(verdict.Obligation), town.Rules, outcome.Evaluation);
    }
}
