using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>What one pile did, as figures are made of it; valid until the next pile is read.</summary>
/// <param name="History">Its versions; its records are not all there.</param>
/// <param name="Segments">The derived statuses of its ports in the period, by port and time.</param>
/// <param name="Postings">Its energy; what lies outside the period does not count.</param>
/// <param name="Sessions">Its sessions, those that started in the period among them.</param>
internal sealed record PileUsage(
    PileHistory History, List<StatusSegment> Segments, List<EnergyPosting> Postings, List<ChargingSession> Sessions);
