using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Says how much of the collection was in sight, and which trucks are silent.</summary>
internal sealed class TruckQuality(ITelemetryStore store, Qualities qualities)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <param name="from">Where what was asked about begins.</param>
    /// <param name="completeness">Share of the due obligations that are not undetermined; null when none is due.</param>
    public async Task<DataQuality> OfAsync(
        Instant from, double? completeness, Instant evaluation, Instant? latestReceived, RegistrySnapshot registry, SanitationRules rules,
        CancellationToken cancellation)
    {
        var tracked = registry.Trucks.Where(t => t.Tracked && t.Validity.Contains(evaluation)).ToList();
        var heard = new Dictionary<string, Instant>(StringComparer.Ordinal);
        var query = new RecordQuery(DeviceKind.Truck, null, evaluation, evaluation + Moment, evaluation);
        await foreach (var silence in store.ReadSilencesAsync(query, rules.SilentMin, cancellation))
        {
            heard[silence.Device] = silence.From;
        }
        // Whether a truck is parked is not asked here: any may be, and then it reports that seldom.
        var silent = tracked.Count(t => !heard.TryGetValue(t.Id, out var last)
            || evaluation - last > rules.BlindParked && evaluation - last > t.PositionInterval * rules.BlindIntervals);
        var deleted = store.DeletedUntil(Channel.Position);
        return qualities.Of(
            completeness, evaluation, latestReceived, tracked.Count, silent, from - rules.Margin < deleted ? deleted : null);
    }
}
