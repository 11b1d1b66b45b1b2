using Google.Protobuf.Collections;
using SmartCity.Domain.Sanitation;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry.Decisions;
using ExceptionKind = SmartCity.Domain.Sanitation.ExceptionKind;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Reads declarations.</summary>
internal static class ExceptionRequests
{
    private const int IdsMax = 1_000;

    /// <summary>The exception that a request declares, with no moment yet.</summary>
    /// <exception cref="InvalidQueryException">It says why it makes no sense, and what would.</exception>
    public static DeclaredException From(DeclareExceptionRequest request, SanitationRequests requests)
    {
        var kind = KindOf(request.Kind);
        var reason = DecisionFields.ReasonOf(request.Reason);
        if (kind == ExceptionKind.Excuse && reason == ObligationException.VehicleBreakdown)
        {
            throw new InvalidQueryException(
                "reason", "a VEHICLE_BREAKDOWN never excuses: the collection is still due, and another truck has to come. Before the "
                    + "window starts SHIFT_WINDOW or EXTEND_GRACE gives it more time.");
        }
        var (first, last) = DatesOf(request);
        return new DeclaredException(
            DecisionFields.IdOf(request.ExceptionId, "exception_id"), kind, reason, DecisionFields.NoteOf(request.Note, "note"),
            ScopeOf(request, requests), Sorted(requests.KeysOf(request.WindowKeys)), first, last, ByOf(request, kind),
            DecisionFields.PersonOf(request.DeclaredBy, "declared_by"), default);
    }

    private static ExceptionKind KindOf(Protocol.V1.ExceptionKind kind) =>
        kind != Protocol.V1.ExceptionKind.Unspecified && Enum.IsDefined(kind)
            ? (ExceptionKind)kind
            : throw new InvalidQueryException("kind", "is needed: EXCUSE, CANCEL, SHIFT_WINDOW or EXTEND_GRACE.");

    private static (DateOnly First, DateOnly Last) DatesOf(DeclareExceptionRequest request)
    {
        var first = SanitationRequests.DateOf(request.FirstDate, "first_date")
            ?? throw new InvalidQueryException("first_date", "is needed: the first service date, like 2026-11-23.");
        var last = SanitationRequests.DateOf(request.LastDate, "last_date") ?? first;
        return first > last
            ? throw new InvalidQueryException(
                "last_date", $"{last:yyyy-MM-dd} is before first_date {first:yyyy-MM-dd}. Both are inside the range.")
            : last.DayNumber - first.DayNumber >= SanitationRequests.DatesMax
                ? throw new InvalidQueryException(
                    "last_date", $"makes more than {SanitationRequests.DatesMax} dates. Declare several exceptions.")
                : (first, last);
    }

    private static TimeSpan ByOf(DeclareExceptionRequest request, ExceptionKind kind)
    {
        var by = TimeSpan.FromSeconds(request.BySeconds);
        var most = (int)ObligationException.ByMax.TotalSeconds;
        return kind switch
        {
            ExceptionKind.ShiftWindow when by == TimeSpan.Zero || by.Duration() > ObligationException.ByMax =>
                throw new InvalidQueryException(
                    "by_seconds", $"is needed to shift a window: -{most} to {most}, not 0; negative is earlier."),
            ExceptionKind.ExtendGrace when by <= TimeSpan.Zero || by > ObligationException.ByMax => throw new InvalidQueryException(
                "by_seconds", $"is needed to extend a grace: 1 to {most}. A grace never gets shorter."),
            ExceptionKind.Excuse or ExceptionKind.Cancel when by != TimeSpan.Zero => throw new InvalidQueryException(
                "by_seconds", $"says nothing to {kind.ToString().ToUpperInvariant()}. Leave it out, or use SHIFT_WINDOW or EXTEND_GRACE."),
            _ => by,
        };
    }

    private static ExceptionScope ScopeOf(DeclareExceptionRequest request, SanitationRequests requests)
    {
        // Refuses unknown ids.
        var scope = requests.ScopeOf(request.Scope);
        if (scope.Piles.Count > 0)
        {
            throw new InvalidQueryException("scope.pile_ids", "names charging piles; nothing is collected there.");
        }
        var isNamed = !scope.IsCity || request.RouteIds.Count > 0;
        if (isNamed == request.WholeCity)
        {
            throw new InvalidQueryException(
                "scope", isNamed ? "is named beside whole_city. Give one of them."
                    : "is needed: points, areas, trucks or route_ids; or whole_city, if every point is meant.");
        }
        return new ExceptionScope(
            Limited(scope.Districts), Limited(scope.Subdistricts), Limited(scope.Compounds), Limited(scope.Grids),
            Limited(scope.Points), Limited(scope.Trucks), RoutesOf(request.RouteIds, requests), request.WholeCity);
    }

    private static string[] RoutesOf(RepeatedField<string> ids, SanitationRequests requests)
    {
        var known = new KnownIds(requests.Known).Routes;
        return ids.FirstOrDefault(id => !known.Contains(id)) is { } unknown
            ? throw new InvalidQueryException("route_ids", known.Refuse(unknown))
            : Limited(ids.ToHashSet(StringComparer.Ordinal));
    }

    private static string[] Limited(IReadOnlySet<string> ids) => ids.Count > IdsMax
        ? throw new InvalidQueryException("scope", $"names {ids.Count} ids in one list; at most {IdsMax} are kept. Name an area instead.")
        : Sorted(ids);

    // The same words in another order are the same declaration.
    private static string[] Sorted(IEnumerable<string> words) => [.. words.Order(StringComparer.Ordinal)];
}
