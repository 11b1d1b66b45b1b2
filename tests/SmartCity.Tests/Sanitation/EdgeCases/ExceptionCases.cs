using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Sanitation.EdgeCases;

/// <summary>Edge cases of breakdowns and suspensions.</summary>
public sealed class ExceptionCases
{
    [Fact]
    [Trait("case", "14")]
    public void After_a_breakdown_the_truck_of_another_route_substitutes_and_nobody_is_excused()
    {
        var town = new Town().Truck("T1").Truck("T2", route: "other").Point("P", 300, truck: "T1").Point("Q", -300, truck: "T1")
            .Except(ExceptionKind.Excuse, "08:20:00", e => e with { Reason = ObligationException.VehicleBreakdown });
        town.Log("T1").Stay("08:10:00", "2026-11-24 12:00:00", 0);
        town.Log("T2").Stay("08:50:00", "08:52:00", 300);
        var served = town.Outcome("P");
        Assert.Equal((Verdict.Late, true, "T2"), (served.Verdict, served.Substituted, served.Primary!.TruckId));
        Assert.Equal(Verdict.Missed, town.Verdict("Q"));
    }

    [Fact]
    [Trait("case", "20")]
    public void A_suspension_declared_after_the_start_excuses_what_is_not_served_and_leaves_what_is()
    {
        var town = SuspendedAt("07:30:00");
        Assert.Equal((Verdict.OnTime, Verdict.Excused), (town.Verdict("P"), town.Verdict("Q")));
        Assert.Equal(VisitRole.Primary, Assert.Single(town.Judge().Visits).Role);
    }

    [Fact]
    [Trait("case", "20")]
    public void A_suspension_declared_before_the_start_cancels_and_a_visit_is_extra()
    {
        var town = SuspendedAt("05:59:59");
        Assert.Equal((Verdict.Cancelled, Verdict.Cancelled), (town.Verdict("P"), town.Verdict("Q")));
        var visit = Assert.Single(town.Judge().Visits);
        Assert.Equal((VisitRole.Extra, null), (visit.Role, visit.ObligationId));
        Assert.Equal(Verdict.Excused, SuspendedAt("06:00:00").Verdict("Q"));
    }

    private static Town SuspendedAt(string declared)
    {
        var town = new Town().Window("MORNING", "06:00", "09:00").Truck("T1").Point("P", 300).Point("Q", -300)
            .Except(ExceptionKind.Cancel, declared);
        town.Log("T1").Stay("06:30:00", "06:32:00", 300);
        return town;
    }
}
