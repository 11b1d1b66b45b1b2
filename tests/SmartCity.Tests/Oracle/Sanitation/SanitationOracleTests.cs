using System.Globalization;
using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>The domain judges collections as a slow reading of the rules does, in every random town. A failure names its
/// seed.</summary>
public sealed class SanitationOracleTests
{
    [Fact]
    public void Verdicts_visits_and_figures_are_what_the_rules_say() => Histories.Check(5000, Check);

    internal static void Check(int seed)
    {
        var town = TownGenerator.Of(seed);
        var expected = new OracleVerdicts(town);
        var found = TownFeed.Judge(town, new Random(seed));
        Difference.NoneInAnyOrder(expected.Outcomes.Select(o => Tell(o.Due)), found.Obligations.Select(o => Tell(o.Obligation)));
        Difference.NoneInAnyOrder(expected.Visits.Select(Tell), found.Visits.Select(Tell));
        Difference.NoneInAnyOrder(expected.Outcomes.Select(Tell), found.Obligations.Select(Tell));
        SameFigures(town, expected, found);
    }

    private static void SameFigures(OracleTown town, OracleVerdicts expected, SanitationOutcome found)
    {
        var byWindow = town.Seed % 3 == 0;
        var onlyMorning = town.Seed % 5 == 0;
        var asked = expected.Outcomes.Where(o => !onlyMorning || o.Due.Window.Key == "MORNING");
        var bucket = (ServiceDateBucket)(town.Seed % 5);
        var rows = asked.GroupBy(o => (byWindow ? o.Due.Window.Key : "", Row(bucket, o.Due.Date, town)));
        var domain = Compliance.Of(
            found.Obligations, o => !onlyMorning || o.Window.Key == "MORNING", o => byWindow ? o.Window.Key : "", bucket, town.First,
            town.Last);
        Difference.NoneInAnyOrder(
            rows.Select(r => $"{r.Key} {new OracleFigures(r, expected.Outcomes, expected.Extras)}"),
            domain.Select(r =>
                $"{(r.Key.GroupId, r.Key.First ?? town.First.AddDays(r.Key.Weekday!.Value - 1))} {OracleFigures.Tell(r.Figures)}"));
    }

    /// <summary>The first date of the row that a date counts in.</summary>
    private static DateOnly Row(ServiceDateBucket bucket, DateOnly date, OracleTown town)
    {
        var row = bucket switch
        {
            ServiceDateBucket.Day => date,
            ServiceDateBucket.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
            ServiceDateBucket.Month => date.AddDays(1 - date.Day),
            ServiceDateBucket.DayOfWeek => town.First.AddDays(((int)date.DayOfWeek + 6) % 7),
            _ => town.First,
        };
        return row < town.First ? town.First : row;
    }

    private static string Tell(OracleDue due) =>
        $"{due.Id} {At(due.From)} {At(due.OnTimeFrom)} {At(due.Start)}..{At(due.End)} {At(due.OnTimeUntil)} "
        + $"{At(due.Until)} {due.IsCancelled}";

    private static string Tell(Obligation due) =>
        $"{due.Id} {At(due.AcceptFrom.Milliseconds)} {At(due.OnTimeFrom.Milliseconds)} {At(due.Start.Milliseconds)}.."
        + $"{At(due.End.Milliseconds)} {At(due.OnTimeUntil.Milliseconds)} {At(due.AcceptUntil.Milliseconds)} "
        + $"{due.Cancellation is not null}";

    private static string Tell(OracleVisit visit) =>
        $"{visit.PointId} {visit.Truck} {At(visit.Decision)} {visit.Grade} probable {visit.Probable} {visit.Role} {visit.DueId} "
        + $"stopped {visit.StoppedMs} arrive {At(visit.First)} lifts {visit.Lifts}";

    private static string Tell(Visit visit) =>
        $"{visit.PointId} {visit.TruckId} {At(visit.Decision.Milliseconds)} {visit.Grade} probable {visit.Probable} {visit.Role} "
        + $"{visit.ObligationId} stopped {(long)visit.Stopped.TotalMilliseconds} arrive {At(visit.Arrive.Milliseconds)} "
        + $"lifts {visit.Lifts}";

    private static string Tell(OracleOutcome outcome) =>
        $"{outcome.Due.Id} {outcome.Verdict} final {outcome.Final} probable {outcome.Primary?.Probable == true} "
        + $"substituted {outcome.Substituted} by {outcome.Primary?.Truck} at {At(outcome.Primary?.Decision)}";

    private static string Tell(ObligationOutcome outcome) =>
        $"{outcome.Obligation.Id} {outcome.Verdict} final {outcome.Final} probable {outcome.Probable} "
        + $"substituted {outcome.Substituted} by {outcome.Primary?.TruckId} at {At(outcome.Primary?.Decision.Milliseconds)}";

    private static string At(long? ms) => ms is { } at
        ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("dd HH:mm:ss.fff", CultureInfo.InvariantCulture) : "";
}
