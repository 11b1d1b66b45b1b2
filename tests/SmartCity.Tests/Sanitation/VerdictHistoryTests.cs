using CsCheck;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 15: every change of a verdict is found, at its moment and with its cause.</summary>
public sealed class VerdictHistoryTests
{
    private static readonly ObligationOutcome Some =
        new Town().Truck("T1").Point("P", 300).Outcome() with { Verdict = Verdict.Upcoming };

    private static Instant Cutoff => Some.Obligation.AcceptUntil;

    private static ObligationOutcome Being(Verdict verdict) => Some with { Verdict = verdict };

    private static IReadOnlyList<VerdictChange> Of(
        Func<Instant, ObligationOutcome?> judge, IReadOnlyList<Instant> arrivals, params Milestone[] milestones) =>
        VerdictHistory.Of(milestones, arrivals, [], judge, SanitationRules.Default, Cutoff + TimeSpan.FromDays(9));

    [Fact]
    public void A_change_among_many_arrivals_is_found_at_the_one_that_made_it()
    {
        var start = new Milestone(Cutoff, ChangeCause.Time, "The cutoff passed.");
        List<Instant> arrivals = [.. Enumerable.Range(1, 10_000).Select(i => Cutoff + TimeSpan.FromSeconds(i))];
        var asked = 0;
        var changes = Of(
            at =>
            {
                asked++;
                return Being(at < Cutoff + TimeSpan.FromSeconds(7_777) ? Verdict.Undetermined : Verdict.Late);
            },
            arrivals, start);
        Assert.Equal([Verdict.Undetermined, Verdict.Late], changes.Select(c => c.Verdict));
        Assert.Equal((Cutoff + TimeSpan.FromSeconds(7_777), ChangeCause.Telemetry), (changes[1].Time, changes[1].Cause));
        Assert.InRange(asked, 1, 30);
    }

    [Fact]
    public void A_change_after_the_verdict_was_final_is_a_restatement()
    {
        var final = Cutoff + SanitationRules.Default.FinalAfter;
        var changes = Of(
            at => Being(at < final - TimeSpan.FromHours(1) ? Verdict.Undetermined : at < final ? Verdict.Missed : Verdict.Late),
            [final - TimeSpan.FromHours(1), final], new Milestone(Cutoff, ChangeCause.Time, ""));
        Assert.Equal([false, false, true], changes.Select(c => c.IsRestatement));
    }

    [Fact]
    public void Of_very_many_changes_the_newest_are_told_and_how_many_are_left_out()
    {
        List<Instant> arrivals = [.. Enumerable.Range(1, 150).Select(i => Cutoff + TimeSpan.FromSeconds(i))];
        Milestone[] each = [.. arrivals.Select(at => new Milestone(at, ChangeCause.Schedule, "The registry was changed."))];
        var changes = Of(at => Being(at.Milliseconds / 1000 % 2 == 0 ? Verdict.Missed : Verdict.Undetermined), [], each);
        Assert.Equal((100, arrivals[^1]), (changes.Count, changes[^1].Time));
        Assert.Equal("The registry was changed. 50 earlier changes are left out.", changes[0].Reason);
    }

    [Fact]
    public void A_change_restates_what_was_final_by_the_cutoff_before_it_also_where_that_moved()
    {
        var then = Cutoff + SanitationRules.Default.FinalAfter + TimeSpan.FromMinutes(10);
        var moved = Being(Verdict.Late) with
        {
            Obligation = Some.Obligation with { AcceptUntil = Cutoff + TimeSpan.FromHours(1) },
        };
        Assert.True(VerdictDiff.Of(Being(Verdict.Missed), moved, [], SanitationRules.Default, then)!.IsRestatement);
        var changes = Of(
            at => at < then ? Being(Verdict.Missed) : moved, [], new Milestone(Cutoff, ChangeCause.Time, ""),
            new Milestone(then, ChangeCause.Exception, ""));
        Assert.Equal([false, true], changes.Select(c => c.IsRestatement));
    }

    [Fact]
    public void Nothing_is_told_of_the_time_before_anybody_knew_of_it()
    {
        var changes = Of(
            at => at < Cutoff ? null : Being(Verdict.Missed), [],
            new Milestone(Cutoff - TimeSpan.FromHours(1), ChangeCause.Time, ""), new Milestone(Cutoff, ChangeCause.Schedule, "Recorded."));
        Assert.Equal((Cutoff, ChangeCause.Schedule), (Assert.Single(changes).Time, changes[0].Cause));
    }

    [Fact]
    public void Verdicts_that_only_get_better_are_all_found_whatever_the_moments() =>
        Gen.Select(Gen.Int[1, 500].Array[0, 60], Gen.Int[0, 500].Array[4]).Sample((seconds, turns) =>
        {
            Array.Sort(turns);
            ObligationOutcome At(Instant at) => Being((Verdict)(1 + turns.Count(t => at >= Cutoff + TimeSpan.FromSeconds(t))));
            List<Instant> arrivals = [.. seconds.Distinct().Order().Select(s => Cutoff + TimeSpan.FromSeconds(s))];
            var expected = new List<(Instant, Verdict)> { (Cutoff, At(Cutoff).Verdict) };
            foreach (var at in arrivals.Where(a => At(a).Verdict != expected[^1].Item2))
            {
                expected.Add((at, At(at).Verdict));
            }
            var found = VerdictHistory.Of(
                [new Milestone(Cutoff, ChangeCause.Time, "")], arrivals, [], At, SanitationRules.Default,
                arrivals.Append(Cutoff).Max());
            Assert.Equal(expected, found.Select(c => (c.Time, c.Verdict)));
        });
}
