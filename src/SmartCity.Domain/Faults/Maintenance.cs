using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Work that was announced: while it lasts, an outage is not the operator's fault. Never changed; at most
/// cancelled.</summary>
/// <param name="Id">Given by the client; the same id is the same declaration.</param>
/// <param name="Scope">Names at least one area or pile.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="By">Who, as named in the request.</param>
/// <param name="Recorded">When the server took note of it. What lies before was not announced, and is not excused.</param>
/// <param name="Cancelled">Null while it counts.</param>
public sealed record Maintenance(
    string Id, AssetScope Scope, Instant From, Instant Until, string By, string Reason, Instant Recorded,
    MaintenanceCancellation? Cancelled);

/// <summary>A declaration counts no more: none of it.</summary>
/// <param name="By">Who, as named in the request.</param>
/// <param name="Recorded">When the server took note of it.</param>
public sealed record MaintenanceCancellation(string By, string Reason, Instant Recorded);
