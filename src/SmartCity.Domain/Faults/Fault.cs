using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>One fault of a port (0: of the pile), from its first RAISED to its CLEARED, as known at the evaluation
/// instant.</summary>
/// <param name="Severity">The highest that was raised while it was open.</param>
/// <param name="MajorSince">Since when it has been MAJOR or worse; null when it never was.</param>
/// <param name="Cleared">Null while open.</param>
/// <param name="Derived">Found by the server; never makes a port FAULTED.</param>
/// <param name="Value">Of the record that gave the severity.</param>
/// <param name="VendorCode">The vendor's word; for a number outside the table at least that number.</param>
public sealed record Fault(
    string Pile, int Port, FaultCode Code, Severity Severity, Instant? MajorSince, Instant Raised, Instant? Cleared, bool Derived,
    double? Value, string? VendorCode, string? Info)
{
    /// <summary>Pile, port, code and the moment it was raised: the same for every evaluation that knows the same
    /// beginning.</summary>
    public string Id => IdOf(Pile, Port, Code.Number, Raised, Derived);

    /// <summary>The pile reported what the server had found: what is left of the derived fault is the beginning of the reported one, and
    /// counts with that.</summary>
    public bool IsTakenOver { get; init; }

    /// <summary>It alerts, and counts, from here on, if it is still open.</summary>
    public Instant Visible => Raised + Code.Debounce;

    /// <summary>Cleared before it was visible: kept, but in no figure.</summary>
    public bool IsTransient => Cleared is { } cleared && cleared < Visible;

    /// <summary>Whether it counts: it stayed for its debounce, which may still be running.</summary>
    public bool CountsAt(Instant evaluation) => (Cleared ?? evaluation) >= Visible;

    /// <summary>How long it lasted; up to the evaluation while open.</summary>
    public TimeSpan Duration(Instant evaluation) => (Cleared ?? Instant.Later(evaluation, Raised)) - Raised;

    /// <summary>The id of a fault.</summary>
    public static string IdOf(string pile, int port, int code, Instant raised, bool derived) => string.Create(
        CultureInfo.InvariantCulture, $"{pile}/{port}/{code}/{raised.Milliseconds}{(derived ? "d" : "")}");
}
