using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Sanitation.EdgeCases;

/// <summary>Edge cases of confirmations, and of what nobody can prove.</summary>
public sealed class ProofCases
{
    private static (Town Town, TruckLog Log) Silent()
    {
        var town = new Town().Truck("T1").Point("P", 300);
        return (town, town.Log("T1").Silent());
    }

    private static EvidenceUse Use(Town town, string evaluation = "2026-11-25 12:00:00") =>
        Assert.Single(town.Judge(evaluation).EvidenceAt("P", Town.At("00:00:00"), Town.At("23:59:00")));

    [Fact]
    [Trait("case", "17")]
    public void A_confirmation_with_a_photo_taken_two_kilometres_away_is_rejected()
    {
        var town = new Town().Truck("T1").Point("P", 300);
        town.Log("T1").Manual("06:00:00", east: 2_300).Photo("06:00:00", east: 2_300);
        Assert.Equal(Verdict.Missed, town.Verdict());
        var uses = town.Judge().EvidenceAt("P", Town.At("05:00:00"), Town.At("07:00:00"));
        Assert.Equal([false, false], uses.Select(u => u.Accepted));
        Assert.All(uses, u => Assert.Contains("2000 m from the point", u.Reason, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("case", "18")]
    public void A_confirmation_from_an_office_after_the_window_counts_once_a_supervisor_accepts_it()
    {
        var (town, log) = Silent();
        log.Manual("09:00:00");
        Assert.Equal((Verdict.Undetermined, false), (town.Verdict(), Use(town).Accepted));

        town.Accept(log.Evidence[0], "12:00:00");
        Assert.Equal(Verdict.Undetermined, town.Verdict(evaluation: "11:59:59"));
        var outcome = town.Outcome(evaluation: "12:00:00");
        Assert.Equal((Verdict.Late, false, EvidenceGrade.B), (outcome.Verdict, outcome.Probable, outcome.Primary!.Grade));
        Assert.Contains("a supervisor accepted it", Use(town).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("case", "18")]
    [InlineData("09:59:59", Verdict.Late)]
    [InlineData("10:00:00", Verdict.Undetermined)] // After the cutoff it is a visit in no window.
    public void An_accepted_confirmation_serves_what_could_be_served_at_its_time(string at, Verdict expected)
    {
        var (town, log) = Silent();
        log.Manual(at);
        town.Accept(log.Evidence[0], "12:00:00");
        Assert.Equal(expected, town.Verdict());
        Assert.Equal(expected == Verdict.Late ? VisitRole.Primary : VisitRole.Extra, Assert.Single(town.Judge().Visits).Role);
    }

    [Fact]
    [Trait("case", "18")]
    public void Accepting_one_confirmation_accepts_no_other()
    {
        var (town, log) = Silent();
        log.Manual("08:30:00").Manual("09:00:00");
        town.Accept(log.Evidence[1], "12:00:00");
        var uses = town.Judge().EvidenceAt("P", Town.At("05:00:00"), Town.At("11:00:00"));
        Assert.Equal([false, true], uses.Select(u => u.Accepted));
    }

    [Theory]
    [Trait("case", "26")]
    [InlineData("R", 1)] // On the truck's route.
    [InlineData(null, 0)] // Nobody's: there is no truck that anybody could have seen.
    public void A_point_that_no_tracked_truck_was_ever_sent_to_is_a_gap_in_the_data_and_not_missed(string? route, int trucks)
    {
        var town = new Town().Truck("T1", tracked: false).Point("P", 300, "MORNING NOON EVENING", route: route);
        var outcome = town.Judge();
        var figures = Compliance.Of(
            outcome.Obligations, _ => true, _ => "", ServiceDateBucket.Whole, Town.Monday, Town.Monday).Single().Figures;
        Assert.Equal((3, 3, 0), (figures.Due, figures.Undetermined, figures.Missed));
        Assert.Equal((0.0, 0.0), (figures.Completeness, figures.MissedRate));
        var watch = outcome.WatchOf(outcome.Obligations[0].Obligation);
        Assert.Equal((trucks, 0), (watch.Count, watch.Count(t => t.Tracked)));
    }
}
