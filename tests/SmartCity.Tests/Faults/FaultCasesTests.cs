using CsCheck;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Charging;

namespace SmartCity.Tests.Faults;

public sealed class FaultCasesTests
{
    private const int Hour = 3_600;
    private const int Day = 24 * Hour;

    [Theory]
    [InlineData("", FaultState.Open)]
    [InlineData("K", FaultState.Acknowledged)]
    [InlineData("KA", FaultState.Assigned)]
    [InlineData("KAA", FaultState.Assigned)]
    [InlineData("KAR", FaultState.Resolved)]
    [InlineData("KARA", FaultState.Assigned)]
    [InlineData("KARC", FaultState.Closed)]
    [InlineData("C", FaultState.Closed)]
    // Late data may have made one of two faults: what is there twice changes nothing.
    [InlineData("KK", FaultState.Acknowledged)]
    [InlineData("KAK", FaultState.Assigned)]
    [InlineData("KARKC", FaultState.Closed)]
    [InlineData("KARCKAR", FaultState.Closed)]
    public void Each_step_leads_to_its_state(string steps, FaultState state) =>
        Assert.Equal(state, Case(Fault(0, null), Steps(Fault(0, null), steps)).State);

    [Theory]
    [InlineData("", FaultStep.Acknowledge, null)]
    [InlineData("", FaultStep.Assign, "it is OPEN. Acknowledge it first.")]
    [InlineData("", FaultStep.Resolve, "it is OPEN. Acknowledge it first.")]
    [InlineData("", FaultStep.Close, "it is OPEN, and telemetry has not cleared it. Acknowledge it first.")]
    [InlineData("K", FaultStep.Acknowledge, "it is ACKNOWLEDGED, so it was acknowledged before. Assign it to whoever repairs it.")]
    [InlineData("K", FaultStep.Assign, null)]
    [InlineData("K", FaultStep.Resolve, "it is ACKNOWLEDGED. Assign it to whoever repairs it.")]
    [InlineData("KA", FaultStep.Assign, null)]
    [InlineData("KA", FaultStep.Resolve, null)]
    [InlineData("KA", FaultStep.Close, "it is ASSIGNED, and telemetry has not cleared it. Resolve it once it is mended, or "
        + "assign it to somebody else.")]
    [InlineData("KAR", FaultStep.Assign, null)]
    [InlineData("KAR", FaultStep.Resolve, "it is RESOLVED. Close it, or assign it again if it is not mended.")]
    [InlineData("KAR", FaultStep.Close, "it is RESOLVED, but telemetry has not cleared it. Wait until it does, assign it again, or give "
        + "an override_reason.")]
    [InlineData("KARC", FaultStep.Assign, "it is CLOSED, and nothing more can be done about it. When it breaks again it comes as a new "
        + "fault.")]
    public void A_step_that_cannot_be_taken_tells_the_state_and_what_to_do(string before, FaultStep step, string? problem) =>
        Assert.Equal(problem, Case(Fault(0, null), Steps(Fault(0, null), before)).ProblemOf(step, overridden: false));

    [Fact]
    public void Closing_needs_telemetry_or_a_reason_for_what_somebody_resolved()
    {
        var open = Fault(0, null);
        Assert.Null(Case(open, Steps(open, "KAR")).ProblemOf(FaultStep.Close, overridden: true));
        Assert.NotNull(Case(open, Steps(open, "KA")).ProblemOf(FaultStep.Close, overridden: true));
        // What went away by itself needs nobody who repaired it.
        Assert.Null(Case(Fault(0, 100), []).ProblemOf(FaultStep.Close, overridden: false));
    }

    [Fact]
    public void A_case_tells_who_was_assigned_last_and_when_it_was_first_acknowledged()
    {
        var fault = Fault(0, null);
        var told = Case(fault, [
            Act(fault, 10, FaultStep.Acknowledge), Act(fault, 20, FaultStep.Assign, "Wang"), Act(fault, 30, FaultStep.Assign, "Zhao"),
            Act(fault, 40, FaultStep.Acknowledge)]);

        Assert.Equal(("Zhao", PileStory.At(10), 4), (told.Assignee, told.Acknowledged, told.Actions.Count));
    }

    [Fact]
    public void An_action_follows_its_fault_when_late_data_moves_the_beginning()
    {
        var seen = Act(Fault(100, null), 200, FaultStep.Acknowledge);

        Assert.Equal(FaultState.Acknowledged, Case(Fault(50, null), [seen]).State);
        Assert.Equal(FaultState.Acknowledged, Case(Fault(180, null), [seen]).State);
        Assert.Equal(FaultState.Acknowledged, Case(Fault(100, 150), [seen]).State); // It was over already when somebody acted.
    }

    [Fact]
    public void Both_halves_of_a_fault_that_late_data_cut_were_seen()
    {
        var seen = Act(Fault(0, null), 1_000, FaultStep.Acknowledge);
        Fault[] halves = [Fault(0, 300), Fault(600, null)];

        Assert.All(FaultCases.Of(halves, [seen], PileStory.At(2_000)), half => Assert.Equal(FaultState.Acknowledged, half.State));
    }

    [Fact]
    public void What_was_not_there_to_be_seen_is_nobodys_deed()
    {
        var paperwork = Act(Fault(0, 300), 2_000, FaultStep.Acknowledge);

        Assert.Equal(FaultState.Open, Case(Fault(600, null), [paperwork]).State); // It was cleared before this one was raised.
        Assert.Equal(FaultState.Open, Case(Fault(2_001, null), [Act(Fault(0, null), 2_000, FaultStep.Acknowledge)]).State);
        Assert.Equal(FaultState.Open, Case(Fault(0, null, port: 2), [paperwork]).State);
        Assert.Equal(FaultState.Open, Case(Fault(0, null, code: 202), [paperwork]).State);
    }

    [Fact]
    public void A_reported_fault_takes_over_what_was_done_about_the_derived_one_it_supersedes()
    {
        var derived = Fault(0, null) with { Derived = true };

        Assert.Equal(FaultState.Acknowledged, Case(Fault(10, null), [Act(derived, 100, FaultStep.Acknowledge)]).State);
    }

    [Theory]
    [InlineData(Day, true)]
    [InlineData(Day + 1, false)]
    public void It_is_reopened_when_it_recurs_within_a_day_of_being_finished(int later, bool reopened)
    {
        var first = Fault(0, 3 * Hour);
        List<FaultAction> actions = [.. Steps(first, "KAR")];
        var finished = (actions[^1].Recorded - PileStory.Start).TotalSeconds;
        var told = FaultCases.Of([first, Fault(finished + later, null)], actions, PileStory.At(10 * Day));

        Assert.Equal([FaultState.Resolved, reopened ? FaultState.Reopened : FaultState.Open], told.Select(c => c.State));
        Assert.Equal(reopened ? first.Id : null, told[1].ReopenedFrom);
        Assert.Null(told[1].ProblemOf(FaultStep.Acknowledge, overridden: false));
    }

    [Fact]
    public void It_is_not_reopened_when_the_first_was_sent_back_or_the_second_did_not_last()
    {
        var first = Fault(0, 3 * Hour);
        var again = Fault(4 * Hour, null);
        Assert.Equal(FaultState.Open, FaultCases.Of([first, again], Steps(first, "KARA"), PileStory.At(Day))[1].State);

        var transient = Fault(4 * Hour, (4 * Hour) + 1, code: 210);
        var fuse = Fault(0, 3 * Hour, code: 210);
        Assert.Equal(FaultState.Open, FaultCases.Of([fuse, transient], Steps(fuse, "KAR"), PileStory.At(Day))[1].State);
    }

    [Fact]
    public void As_of_an_earlier_moment_later_actions_are_not_known()
    {
        var fault = Fault(0, null);
        var actions = Steps(fault, "KAR"); // At 10, 20 and 30 min.

        Assert.Equal(FaultState.Assigned, FaultCases.Of([fault], actions, PileStory.At(1_799.999))[0].State);
        Assert.Equal(FaultState.Resolved, FaultCases.Of([fault], actions, PileStory.At(1_800))[0].State);
    }

    [Fact]
    public void Order_and_repetition_of_actions_and_what_else_was_read_change_nothing() => Gen.Select(Gen.Int, Gen.Int).Sample(
        (seed, shuffle) =>
        {
            var faults = FaultLog.Of(RandomStory.Of(seed).Faults, PileStory.At(RandomStory.Seconds)).Faults;
            var random = new Random(seed);
            var actions = faults.SelectMany(fault => Enumerable.Range(0, random.Next(4)).Select(_ => Act(
                fault, (fault.Raised - PileStory.Start).TotalSeconds + random.Next(400), (FaultStep)random.Next(1, 5),
                id: random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture)))).ToList();
            var asOf = PileStory.At(random.Next(RandomStory.Seconds));
            var told = FaultCases.Of(faults, actions, asOf);

            var mixed = actions.Concat(actions).ToArray();
            new Random(shuffle).Shuffle(mixed);
            Assert.Equal(told.Select(Told), FaultCases.Of(faults, mixed, asOf).Select(Told));
            // A question that read less of the pile's past, or asked when no more was known, finds the same.
            Assert.Equal(told.Select(Told), faults.Select(fault => Told(FaultCases.Of([fault], actions, asOf)[0])));
            Assert.Equal(
                told.Select(Told), FaultCases.Of(faults, actions.Where(a => a.Recorded <= asOf), asOf).Select(Told));
        },
        iter: 300);

    private static string Told(FaultCase told) =>
        $"{told.Fault.Id} {told.State} {told.Assignee} {told.ReopenedFrom} {string.Join(' ', told.Actions.Select(a => a.Id))}";

    private static FaultCase Case(Fault fault, IEnumerable<FaultAction> actions) =>
        FaultCases.Of([fault], actions, PileStory.At(100 * Day))[0];

    /// <summary>K acknowledges, A assigns, R resolves, C closes; ten minutes apart.</summary>
    private static List<FaultAction> Steps(Fault fault, string steps) => [.. steps.Select((step, i) => Act(
        fault, (i + 1) * 600, step switch
        {
            'K' => FaultStep.Acknowledge,
            'A' => FaultStep.Assign,
            'R' => FaultStep.Resolve,
            _ => FaultStep.Close,
        }))];

    private static FaultAction Act(Fault fault, double second, FaultStep step, string? assignee = null, string? id = null) => new(
        id ?? $"{step}-{second}", SeenFault.Of(fault, PileStory.At(second)), step, PileStory.At(second), "Li", assignee, null, null);

    private static Fault Fault(double raised, double? cleared, int port = 1, int code = 201) => new(
        "P1", port, FaultCode.Find(code), Severity.Major, PileStory.At(raised), PileStory.At(raised),
        cleared is { } end ? PileStory.At(end) : null, false, null, null, null);
}
