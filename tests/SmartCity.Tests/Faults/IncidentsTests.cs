using CsCheck;
using SmartCity.Domain.Faults;
using SmartCity.Tests.Charging;

namespace SmartCity.Tests.Faults;

public sealed class IncidentsTests
{
    [Theory]
    [InlineData(6, "0 60 120", "3 of 6 from 0")]
    [InlineData(6, "0 60 121", "")] // Too far apart.
    [InlineData(7, "0 60 120", "")] // Less than half.
    [InlineData(4, "0 10", "")] // Half, but only two.
    [InlineData(3, "0 1 2 90", "4 of 3 from 0")]
    [InlineData(6, "0 100 101 102 210", "5 of 6 from 0")] // Two stretches of two minutes that share silences are one incident.
    [InlineData(6, "0 1 2 500 501 502", "3 of 6 from 0; 3 of 6 from 500")]
    [InlineData(6, "0 400 401 402", "3 of 6 from 400")] // A pile that failed alone before is not part of it.
    public void Silences_of_half_a_compound_within_two_minutes_are_one_incident(int piles, string silences, string expected)
    {
        var faults = silences.Split(' ').Select((second, pile) => (Silence(pile, int.Parse(second, null)), "C1"));
        var found = Incidents.Of(faults, (_, _) => piles);

        Assert.Equal(expected, string.Join("; ", found.Select(i =>
            $"{i.Silent} of {i.Piles} from {(i.From - PileStory.Start).TotalSeconds}")));
    }

    [Fact]
    public void A_pile_that_flaps_counts_once_and_other_faults_and_compounds_do_not()
    {
        var flaps = Enumerable.Range(0, 3).Select(i => (Silence(1, i * 30), "C1"));
        Assert.Empty(Incidents.Of(flaps, (_, _) => 4));

        var other = Silence(2, 0) with { Code = FaultCode.Find(209) };
        Assert.Empty(Incidents.Of([(Silence(0, 0), "C1"), (Silence(1, 0), "C1"), (other, "C1"), (Silence(3, 0), "C2")], (_, _) => 4));
    }

    [Fact]
    public void An_incident_lasts_until_the_last_pile_is_heard()
    {
        var faults = Enumerable.Range(0, 3).Select(pile => Silence(pile, 0)).ToList();
        Assert.Null(Assert.Single(Incidents.Of(faults.Select(f => (f, "C1")), (_, _) => 3)).Until);

        var over = faults.Select((fault, i) => (fault with { Cleared = PileStory.At(500 + i) }, "C1"));
        var incident = Assert.Single(Incidents.Of(over, (_, _) => 3));
        Assert.Equal(PileStory.At(502), incident.Until);
        Assert.Equal($"C1/{PileStory.Start.Milliseconds}", incident.Id);
    }

    [Fact]
    public void The_order_of_faults_changes_nothing_and_no_fault_is_in_two_incidents() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var faults = Enumerable.Range(0, random.Next(30))
                .Select(_ => (Silence(random.Next(8), random.Next(1_000)), random.Next(2) == 0 ? "C1" : "C2")).ToArray();
            var found = Incidents.Of(faults, (_, _) => 6);
            random.Shuffle(faults);

            Assert.Equal(found.Select(Told), Incidents.Of(faults, (_, _) => 6).Select(Told));
            var members = found.SelectMany(i => i.Members.Select(m => (i.Compound, m))).ToList();
            Assert.Equal(members.Count, members.Distinct().Count());

            static string Told(Incident i) => $"{i.Id} {i.Silent} {string.Join(' ', i.Members.Select(m => m.Id))}";
        },
        iter: 300);

    private static Fault Silence(int pile, int second) => new(
        $"P{pile}", 0, FaultCode.Find(FaultCode.Offline), Severity.Major, PileStory.At(second), PileStory.At(second), null, true,
        null, null, null);
}
