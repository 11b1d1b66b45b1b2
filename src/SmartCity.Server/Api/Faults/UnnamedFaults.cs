using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;

namespace SmartCity.Server.Api.Faults;

/// <summary>Ports that say they are FAULTED and nothing more: no list of faults would show them.</summary>
internal static class UnnamedFaults
{
    /// <summary>Such ports of one pile at the end of its segments, as <c>pile/port</c>.</summary>
    public static IEnumerable<string> Of(ScopedPile pile, IEnumerable<StatusSegment> segments, FaultLog log, Instant end) =>
        from segment in segments
        where segment.Until == end && segment.Status == PortStatus.Faulted && pile.Groups.Of(segment.Version, segment.Port) >= 0
            && !log.Faults.Any(f => (f.Port == 0 || f.Port == segment.Port) && f.Raised <= end && !(f.Cleared <= end))
        select $"{pile.Id}/{segment.Port}";
}
