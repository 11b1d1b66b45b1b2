using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry.Decisions;
using GeoPoint = SmartCity.Domain.Registry.GeoPoint;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Reads the fields that requests about decisions share.</summary>
internal static class DecisionFields
{
    private const int IdMax = 64;
    private const int PersonMax = 64;
    private const int NoteMax = 500;
    private const int ReasonWordMax = 40;

    /// <summary>An id that the client chose.</summary>
    public static string IdOf(string id, string field) =>
        id.Length is > 0 and <= IdMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? id
            : throw new InvalidQueryException(
                field, $"is not 1 to {IdMax} letters, digits, '-', '_' or '.'. Choose one for each declaration and send it again with "
                    + "a retry, so that nothing is recorded twice.");

    /// <summary>Who says so. There is no login, so the name is believed.</summary>
    public static string PersonOf(string name, string field) =>
        name.Trim() is { Length: > 0 and <= PersonMax } person && !person.Any(char.IsControl)
            ? person
            : throw new InvalidQueryException(field, $"has to name a person, in at most {PersonMax} characters.");

    /// <summary>Words for people.</summary>
    /// <param name="neededTo">What they are needed for; null when they may be left out.</param>
    public static string NoteOf(string note, string field, string? neededTo = null) =>
        note.Contains('\0') ? throw new InvalidQueryException(field, "holds a zero byte. Leave it out.")
            : note.Length > NoteMax ? throw new InvalidQueryException(field, $"has {note.Length} characters; at most {NoteMax} are kept.")
            : neededTo is not null && string.IsNullOrWhiteSpace(note)
                ? throw new InvalidQueryException(field, $"is needed to {neededTo}: people will ask why.")
            : note.Trim();

    /// <summary>The usual reasons. Others are taken too, and counted apart.</summary>
    public static IReadOnlyList<string> UsualReasons { get; } =
    [
        "SNOW_EMERGENCY", "WEATHER_SUSPENSION", "NO_ACCESS_GATE_LOCKED", "NO_ACCESS_PARKED_CAR", "NO_ACCESS_ROADWORKS", "TRAFFIC_CONTROL",
        "PUBLIC_EVENT", "POINT_SUSPENDED", "BIN_NOT_OUT", "FACILITY_CLOSED", "FORCE_MAJEURE", "ERROR_CORRECTION", "VEHICLE_BREAKDOWN",
    ];

    /// <summary>A reason that is counted, as SNOW_EMERGENCY.</summary>
    public static string ReasonOf(string reason) =>
        reason.Length is > 0 and <= ReasonWordMax && reason.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? reason.ToUpperInvariant()
            : throw new InvalidQueryException(
                "reason", $"is not one word of at most {ReasonWordMax} letters, digits and '_'. Usual are "
                    + $"{string.Join(", ", UsualReasons)}. Put the rest into the note.");

    /// <summary>What was decided.</summary>
    public static DecisionKind DecisionOf(Decision decision, bool mayWithdraw) => decision switch
    {
        Decision.Approve => DecisionKind.Approve,
        Decision.Reject => DecisionKind.Reject,
        Decision.Withdraw when mayWithdraw => DecisionKind.Withdraw,
        _ => throw new InvalidQueryException(
            "decision", $"{decision} cannot be decided here. Use APPROVE or REJECT{(mayWithdraw ? " or WITHDRAW" : "")}."),
    };

    /// <summary>A place; null when it is absent.</summary>
    public static GeoPoint? PlaceOf(Protocol.V1.GeoPoint? place, string field) => place switch
    {
        null => null,
        { Lat: >= -90 and <= 90, Lon: >= -180 and <= 180 } and not { Lat: 0, Lon: 0 } => new GeoPoint(place.Lat, place.Lon),
        _ => throw new InvalidQueryException(field, "is no place on earth in WGS-84 degrees: lat -90..90, lon -180..180."),
    };
}
