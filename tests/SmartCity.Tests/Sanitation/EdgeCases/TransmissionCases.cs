using SmartCity.Domain.Sanitation;
using SmartCity.Protocol.V1;
using Verdict = SmartCity.Domain.Sanitation.Verdict;

namespace SmartCity.Tests.Sanitation.EdgeCases;

/// <summary>Edge cases of clocks, outboxes and copies.</summary>
public sealed class TransmissionCases
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("case", "7")]
    public void A_clock_eight_hours_ahead_serves_the_window_of_the_true_time()
    {
        var ahead = TimeSpan.FromHours(8); // 06:00 would be 14:00, which is the grace of NOON.
        var town = new Town().Truck("T1").Point("P", 300, "MORNING NOON");
        town.Log("T1").Silent().WrongClockFix("06:00:00", 300, ahead).WrongClockFix("06:00:30", 300, ahead);
        Assert.Equal((Verdict.OnTime, Verdict.Undetermined), (town.Verdict(), town.Verdict(key: "NOON")));
        Assert.Equal(Town.At("06:00:00"), town.Outcome().Primary!.Decision);
    }

    [Fact]
    [Trait("case", "7")]
    public void Fixes_that_nothing_dates_make_no_visit()
    {
        var town = new Town().Truck("T1").Point("P", 300, "MORNING NOON");
        var ahead = TimeSpan.FromHours(8);
        town.Log("T1").Silent().WrongClockFix("06:00:00", 300, ahead, false).WrongClockFix("06:00:30", 300, ahead, false);
        Assert.Empty(town.Judge().Visits);
        Assert.Equal((Verdict.Undetermined, Verdict.Undetermined), (town.Verdict(), town.Verdict(key: "NOON")));
    }

    [Theory]
    [Trait("case", "8")]
    [InlineData(-1_024 * 7)] // The week number of the satellites started again.
    [InlineData(-36 * 365)] // A battery that was empty: 1990.
    public void A_clock_from_another_age_still_tells_how_long_ago_it_was(int days)
    {
        var ahead = TimeSpan.FromDays(days);
        var town = new Town().Truck("T1").Point("P", 300);
        town.Log("T1").Silent().WrongClockFix("06:00:00", 300, ahead).WrongClockFix("06:00:30", 300, ahead);
        var outcome = town.Outcome();
        Assert.Equal((Verdict.OnTime, Town.At("06:00:00")), (outcome.Verdict, outcome.Primary!.Decision));
    }

    [Fact]
    [Trait("case", "12")]
    public void Fixes_kept_for_40_minutes_and_sent_newest_first_tell_the_same_as_in_order()
    {
        static Town Offline()
        {
            var town = new Town().Truck("T1").Point("P", 300);
            town.Log("T1").Blind("06:00:00", "06:40:00");
            return town;
        }
        static Town Heard(IEnumerable<int> order)
        {
            var town = Offline();
            var outbox = town.Log("T1").Silent();
            foreach (var i in order) // One in ten seconds; from 06:10 to 06:15 at the point.
            {
                outbox.Fix($"06:{i / 6:00}:{i % 6 * 10:00}", i is >= 60 and <= 90 ? 300 : 0);
            }
            return town;
        }
        Assert.Equal(Verdict.Undetermined, Offline().Verdict());
        var (newestFirst, inOrder) = (Heard(Enumerable.Range(0, 240).Reverse()).Outcome(), Heard(Enumerable.Range(0, 240)).Outcome());
        Assert.Equal((Verdict.OnTime, Town.At("06:10:00")), (newestFirst.Verdict, newestFirst.Primary!.Decision));
        Assert.Equal((inOrder.Verdict, inOrder.Primary), (newestFirst.Verdict, newestFirst.Primary));
    }

    [Fact]
    [Trait("case", "13")]
    public async Task What_is_delivered_twice_counts_once()
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Truck("T1").Point("P", 300).Bin("E1", "P");
        await using var world = await SanitationApiWorld.OpenAsync(town);
        var log = town.Log("T1").Stay("06:00:00", "06:05:00", 300).Tag("06:01:00", "E1").Weight("06:02:00", 12, "P");
        await world.StoreAsync(log);
        await world.StoreAsync(log, TimeSpan.FromMinutes(20));
        var answer = await world.Explanations.AnswerAsync(
            new ExplainObligationRequest { ObligationId = "P/2026-11-23/MORNING" }, Stop);
        var visit = Assert.Single(answer.Visits);
        Assert.Equal((1, 12.0, 300.0), (visit.Lifts, visit.NetKg, visit.StoppedSeconds));
        Assert.Equal(2, answer.Evidence.Count);
    }

    [Theory]
    [Trait("case", "27")]
    [InlineData(null)]
    [InlineData("nobody-registered-this-crew")]
    public void Work_of_a_crew_that_never_signed_on_counts(string? crew)
    {
        var town = new Town().Truck("T1").Point("P", 300).Bin("E1", "P");
        var log = town.Log("T1").Silent().Tag("06:00:00", "E1");
        log.Evidence[0] = log.Evidence[0] with { CrewId = crew };
        Assert.Equal((Verdict.OnTime, 1), (town.Verdict(), town.Outcome().Primary!.Lifts));
    }
}
