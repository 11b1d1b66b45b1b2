using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;
using ExceptionEffect = SmartCity.Protocol.V1.ExceptionEffect;
using ExceptionKind = SmartCity.Domain.Sanitation.ExceptionKind;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Counts what an exception does, or would do once it is approved, to the obligations it covers.</summary>
internal sealed class ExceptionEffects(SanitationRequests requests, KnownDecisions decisions)
{
    private const int DatesAtOnce = 31;

    // No name holds a line feed, so this is never who declared it.
    private const string SomebodyElse = "\n";

    /// <param name="approval">Who approves it, when it waits; null: somebody who is no supervisor.</param>
    public async Task<ExceptionEffect> OfAsync(
        DeclaredException declared, HumanDecision? approval, CancellationToken cancellation)
    {
        var now = Instant.Later(requests.Now, declared.Declared);
        var registry = requests.Known;
        if (declared.State == ExceptionState.Declared)
        {
            var yes = approval ?? new HumanDecision(DecisionKind.Approve, SomebodyElse, false, "", now);
            declared = declared with { Decisions = [yes with { Recorded = now }] };
        }
        var asked = KnownDecisions.Of(declared, registry);
        var others = (await decisions.ExceptionsAsync(registry, declared.First, declared.Last, now, cancellation))
            .Where(e => e.Id != declared.Id);
        var all = ApprovedExceptions.Of(others.Concat(asked), now);
        var effect = new ExceptionEffect();
        for (var first = declared.First; first <= declared.Last; first = first.AddDays(DatesAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            var last = first.AddDays(DatesAtOnce - 1) < declared.Last ? first.AddDays(DatesAtOnce - 1) : declared.Last;
            var plan = ObligationPlan.Of(registry, requests.Rules, first, last, PointsOf(declared.Scope), all);
            foreach (var done in plan.Points.SelectMany(p => p.Asked).SelectMany(o => o.Effects))
            {
                Count(effect, done, declared.Id);
            }
        }
        return effect;
    }

    private static void Count(ExceptionEffect effect, Domain.Sanitation.ExceptionEffect done, string id)
    {
        if (done.Exception.Id != id)
        {
            return;
        }
        effect.Covered++;
        switch (done.ActedAs)
        {
            case ExceptionKind.Cancel:
                effect.Cancelled++;
                break;
            case ExceptionKind.ShiftWindow:
                effect.Shifted++;
                break;
            case ExceptionKind.ExtendGrace:
                effect.Extended++;
                break;
            case ExceptionKind.Excuse:
                effect.Excused++;
                break;
            default:
                effect.NeedSupervisor += done.Exception.Reason == ObligationException.VehicleBreakdown ? 0 : 1;
                effect.Untouched += done.Exception.Reason == ObligationException.VehicleBreakdown ? 1 : 0;
                break;
        }
    }

    /// <summary>The points, where only points are named; null: any may be meant.</summary>
    private static HashSet<string>? PointsOf(ExceptionScope scope) =>
        scope.IsCity || scope.Districts.Count + scope.Subdistricts.Count + scope.Compounds.Count + scope.Grids.Count
            + scope.Trucks.Count + scope.Routes.Count > 0
            ? null
            : scope.Points.ToHashSet(StringComparer.Ordinal);
}
