using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Says in words why an open obligation is at risk, and how sure that is.</summary>
internal sealed class AtRiskWords(ObligationOutcome open, RouteRun run, AtRiskRules rules, Instant now)
{
    private readonly Obligation due = open.Obligation;
    private readonly LocalWords clock = new(open.Obligation);

    public string Reason(RiskCause cause, TruckOutlook? best) => cause switch
    {
        RiskCause.NoTruck => "No truck is assigned, and none drives its route" + (due.Assignment.RouteId is { } r ? $" {r}." : "."),
        RiskCause.NotTracked => $"{best!.Plate} carries no tracker: nobody sees whether it is coming.",
        RiskCause.Silent => best!.PositionTime is { } at
            ? $"{best.Plate} is silent since {clock.Of(at)}" + Text($", {best.DistanceM:0} m from the point then.")
            : $"{best!.Plate} was not heard at all.",
        RiskCause.Passed => Text($"The route went on: {run.ServedBeyond(open)} later stops were served and this one was left out."),
        RiskCause.Standing => $"{best!.Plate} stands still since {clock.Of(best.StandingSince!.Value)}: broken down, or taking a break. "
            + Progress(),
        RiskCause.NotStarted => $"The window began at {clock.Of(due.OnTimeFrom)} and none of its {Count(run.Count, "stop")} was served"
            + (best!.StandingSince is { } since ? $"; {best.Plate} stands since {clock.Of(since)}." : "."),
        RiskCause.Behind => "The route is behind. " + Progress(),
        _ => run.Served > 0 ? Progress() : "Nothing speaks against it.",
    };

    public string Certainty(TruckOutlook? best, int seen) => best?.Method switch
    {
        EtaMethod.Progress => (best.StandingSince is { } since && now - since >= rules.StandingMin ? "Unsure, as if it drove on now: " : "")
            + $"by the route's pace, one stop in {Minutes(run.Pace!.Value)} in the median of {Count(run.Served, "stop")}; "
            + Text($"{Count(run.Before(open).Count, "open stop")} before this one.") + Order(),
        EtaMethod.Distance => "Rough: "
            + Text($"in straight lines at {rules.SpeedKmh:0} km/h, and {(run.Dwell ?? due.Point.MinDwell).TotalSeconds:0} s at each of ")
            + $"the {Count(run.Before(open).Count, "open stop")} before this one"
            + (seen > 1 ? Text($", shared by {seen} trucks.") : ".") + Order(),
        _ => "Nobody can tell when: no truck is seen to be on its way.",
    };

    private string Progress() => run.Last is { } last
        ? Text($"{run.Served} of {Count(run.Count, "stop")} served, the last at ") + clock.Of(last) + "."
        : Text($"None of {Count(run.Count, "stop")} is served.");

    private string Order() => run.IsOrdered || run.Count < 2
        ? ""
        : " The route has no order of stops that its trucks follow, so this one is taken to come last.";

    private static string Count(int count, string what) => Text($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Minutes(TimeSpan span) => Text($"{span.TotalMinutes:0.#} min");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
