using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>A fault as it was known when somebody acted on it. Late data may move its beginning, cut it in two or make two of
/// them one, so what counts is the span that the person saw.</summary>
/// <param name="Port">0 is the whole pile.</param>
/// <param name="Code">The table's number.</param>
/// <param name="Until">The moment it was cleared; while it was open, just after the action.</param>
/// <param name="Derived">The server had found it.</param>
public sealed record SeenFault(string Pile, int Port, int Code, Instant Raised, Instant Until, bool Derived)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>The id it had.</summary>
    public string FaultId => Fault.IdOf(Pile, Port, Code, Raised, Derived);

    /// <summary>The fault as it is known at a moment.</summary>
    public static SeenFault Of(Fault fault, Instant at) => new(
        fault.Pile, fault.Port, fault.Code.Number, fault.Raised, fault.Cleared ?? at + Moment, fault.Derived);

    /// <summary>Whether the fault was, or is part of, what was seen: the same key, at any common moment. It depends on nothing but
    /// the two, so every question finds the same, however much of the pile's history it read.</summary>
    public bool Is(Fault fault) =>
        fault.Port == Port && fault.Code.Number == Code && fault.Pile == Pile
        && (fault.Raised == Raised || (fault.Raised < Until && (fault.Cleared ?? Instant.Max) > Raised));

    /// <summary>Whether both were seen as the same.</summary>
    public bool Overlaps(SeenFault other) =>
        other.Port == Port && other.Code == Code && other.Pile == Pile && Raised < other.Until && other.Raised < Until;
}

/// <summary>Somebody did something about a fault. Never changed, never taken back.</summary>
/// <param name="Id">Given by the client; the same id is the same action.</param>
/// <param name="Recorded">When the server took note of it.</param>
/// <param name="By">Who, as named in the request.</param>
/// <param name="Assignee">Who is to repair it; of an assignment only.</param>
/// <param name="OverrideReason">Why it was closed although telemetry did not say that it was over.</param>
public sealed record FaultAction(
    string Id, SeenFault On, FaultStep Step, Instant Recorded, string By, string? Assignee, string? Note, string? OverrideReason);
