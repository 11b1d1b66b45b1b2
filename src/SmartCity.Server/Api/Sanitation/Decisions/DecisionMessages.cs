using System.Globalization;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry.Decisions;
using ExceptionState = SmartCity.Protocol.V1.ExceptionState;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Decisions on their way to the wire.</summary>
internal static class DecisionMessages
{
    public static CollectionException Of(DeclaredException declared) => new()
    {
        ExceptionId = declared.Id,
        Kind = (ExceptionKind)declared.Kind,
        Reason = declared.Reason,
        Note = declared.Note,
        Scope = ScopeOf(declared.Scope),
        RouteIds = { declared.Scope.Routes },
        WholeCity = declared.Scope.IsCity,
        WindowKeys = { declared.WindowKeys },
        FirstDate = Date(declared.First),
        LastDate = Date(declared.Last),
        BySeconds = (int)declared.By.TotalSeconds,
        DeclaredBy = declared.DeclaredBy,
        DeclaredTime = declared.Declared.ToTimestamp(),
        State = (ExceptionState)declared.State,
        Decisions = { declared.Decisions.Select(Of) },
    };

    public static CollectionConfirmation Of(Confirmation said) => new()
    {
        ConfirmationId = said.Id,
        ObligationId = said.ObligationId,
        CollectedTime = said.Collected.ToTimestamp(),
        ConfirmedBy = said.ConfirmedBy,
        RecordedTime = said.Recorded.ToTimestamp(),
        TruckId = said.TruckId ?? "",
        Note = said.Note,
        Location = said.Location is { } place ? new GeoPoint { Lat = place.Lat, Lon = place.Lon } : null,
        Decisions = { said.Decisions.Select(Of) },
    };

    public static DecisionRecord Of(HumanDecision decision) => new()
    {
        Decision = (Decision)decision.Kind,
        DecidedBy = decision.By,
        AsSupervisor = decision.IsSupervisor,
        Reason = decision.Reason,
        DecidedTime = decision.Recorded.ToTimestamp(),
    };

    private static Scope? ScopeOf(ExceptionScope scope) => scope.IsCity ? null : new Scope
    {
        DistrictIds = { scope.Districts },
        SubdistrictIds = { scope.Subdistricts },
        CompoundIds = { scope.Compounds },
        GridIds = { scope.Grids },
        TruckIds = { scope.Trucks },
        PointIds = { scope.Points },
    };

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
