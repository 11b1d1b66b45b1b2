using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Decisions;

/// <summary>A person said over the API that a point was served.</summary>
/// <param name="Collected">When, as that person says.</param>
/// <param name="TruckId">Which truck, if it was said.</param>
/// <param name="Location">Where that person was, if it was said.</param>
/// <param name="Recorded">When it was taken here.</param>
public sealed record Confirmation(
    string Id, string ObligationId, string PointId, Instant Collected, string ConfirmedBy, string? TruckId, string Note,
    GeoPoint? Location, Instant Recorded)
{
    /// <summary>Its number among all confirmations, in the order in which they were taken.</summary>
    public long Number { get; init; }

    /// <summary>Of supervisors, oldest first; the last one holds.</summary>
    public IReadOnlyList<HumanDecision> Decisions { get; init; } = [];
}

/// <summary>What a supervisor decided about a confirmation or picture that a truck sent.</summary>
/// <param name="EvidenceId">Names the record: <see cref="Domain.Sanitation.EvidenceId"/>.</param>
public sealed record EvidenceRuling(string EvidenceId, HumanDecision Decision);

/// <summary>A decision that contradicts what is recorded already.</summary>
/// <param name="field">The field of the request that says so.</param>
/// <param name="problem">What is recorded, and what to do instead.</param>
public sealed class DecisionRefusedException(string field, string problem) : Exception(problem)
{
    /// <summary>The field of the request.</summary>
    public string Field { get; } = field;
}
