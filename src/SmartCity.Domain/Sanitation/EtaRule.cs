using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>When a truck is expected at a point. <see cref="AtRiskBoard"/> tells the method.</summary>
/// <param name="seen">How many trucks of the route are seen, which share its stops.</param>
internal sealed class EtaRule(AtRiskRules rules, SanitationOutcome outcome, RouteRun run, int seen)
{
    // Serving one later stop first may be a detour.
    private const int PassedMin = 2;

    private readonly Instant now = outcome.Evaluation;

    public static bool IsPassed(RouteRun run, ObligationOutcome stop) => run.ServedBeyond(stop) >= PassedMin;

    /// <summary>What is to be expected of a truck that is to come.</summary>
    public TruckOutlook Of(TruckNow truck, ObligationOutcome open)
    {
        var own = run.ServedBy(truck.Truck.Id);
        var basic = Basic(truck, open.Obligation, rules, now) with { IsPlanned = true, StopsServed = own };
        if (!truck.IsSeen || IsPassed(run, open))
        {
            return basic;
        }
        var before = run.Before(open);
        return run is { Pace: { } pace, Last: { } last } && own > 0
            ? basic with { Method = EtaMethod.Progress, Eta = ByProgress(last, pace, before.Count, basic.DirectArrival!.Value) }
            : basic with { Method = EtaMethod.Distance, Eta = ByDistance(truck.Last!.Value, open.Obligation, before) };
    }

    /// <summary>A truck that nobody expects there.</summary>
    public static TruckOutlook Unplanned(TruckNow truck, Obligation due, AtRiskRules rules, Instant now) =>
        Basic(truck, due, rules, now);

    private static TruckOutlook Basic(TruckNow truck, Obligation due, AtRiskRules rules, Instant now)
    {
        double? metres = truck.Last is { } last ? Geo.Metres(last.Place, due.Point.Location) : null;
        return new TruckOutlook(
            truck.Truck.Id, truck.Truck.Plate, IsPlanned: false, truck.Truck.Tracked, !truck.IsSeen, truck.Last?.Time,
            truck.IsSeen ? truck.StandingSince : null, metres, EtaMethod.None, null,
            truck.IsSeen ? now + Drive(metres!.Value, rules) : null, 0);
    }

    private Instant ByProgress(Instant last, TimeSpan pace, int before, Instant soonest) =>
        Instant.Later(Instant.Later(now, last + pace) + (pace * before), soonest);

    /// <summary>Nobody starts before the window; the way to the first stop may be driven until then.</summary>
    private Instant ByDistance(Fix from, Obligation due, IReadOnlyList<ObligationOutcome> before)
    {
        List<GeoPoint> way = [.. before.Select(s => s.Obligation.Point.Location), due.Point.Location];
        var dwell = run.Dwell ?? due.Point.MinDwell;
        var start = Instant.Later(now + Drive(Geo.Metres(from.Place, way[0]), rules), due.OnTimeFrom);
        // Without a known order there is no way over the stops that could be measured; the time at them counts all the same.
        var metres = run.IsOrdered
            ? way.Zip(way.Skip(1), Geo.Metres).Sum()
            : 0;
        var rest = (Drive(metres, rules) + (dwell * before.Count)) / Math.Max(1, seen);
        var direct = now + Drive(Geo.Metres(from.Place, due.Point.Location), rules);
        return Instant.Later(start + rest, direct);
    }

    private static TimeSpan Drive(double metres, AtRiskRules rules) => TimeSpan.FromHours(metres / 1000 / rules.SpeedKmh);
}
