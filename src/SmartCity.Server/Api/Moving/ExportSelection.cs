using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Moving;

/// <summary>Which messages are exported.</summary>
/// <param name="From">Event time.</param>
/// <param name="Devices">Null: all.</param>
/// <param name="Measurements">By name, as in files.</param>
internal sealed record ExportSelection(
    Instant From, Instant Until, IReadOnlySet<(DeviceKind Kind, string Id)>? Devices, IReadOnlySet<string> Measurements)
{
    private static readonly string[] All = ["status", "meter", "session", "fault", "conn", "position", "evidence", "bin"];

    /// <exception cref="InvalidQueryException">Something in the request makes no sense.</exception>
    public static ExportSelection Of(ExportTelemetryRequest request, RegistrySnapshot registry)
    {
        var from = Instants.From(request.From, "from") ?? Instant.Min;
        var until = Instants.From(request.Until, "until") ?? Instant.Max;
        if (from >= until)
        {
            throw new InvalidQueryException("from", "must be before until: the first moment is inside, the last is not.");
        }
        if (request.Measurements.FirstOrDefault(name => !All.Contains(name)) is { } unknown)
        {
            throw new InvalidQueryException("measurements", $"'{unknown}' is none. There are {string.Join(", ", All)}.");
        }
        if (!Enum.IsDefined(request.Format))
        {
            throw new InvalidQueryException("format", $"{(int)request.Format} is not a format.");
        }
        var scope = Scopes.From(request.Scope, registry);
        return new ExportSelection(
            from, until, scope.IsCity ? null : DevicesOf(registry, scope),
            (request.Measurements.Count > 0 ? request.Measurements.AsEnumerable() : All).ToHashSet(StringComparer.Ordinal));
    }

    public static string MeasurementOf(TelemetryMessage message) => message.Channel.ToString().ToLowerInvariant();

    public bool Has(TelemetryMessage message) =>
        Measurements.Contains(MeasurementOf(message)) && (Devices?.Contains((message.Kind, message.Device)) ?? true)
        && message.Touches(From, Until);

    private static HashSet<(DeviceKind Kind, string Id)> DevicesOf(RegistrySnapshot registry, AssetScope scope) =>
    [
        .. RegistryScope.Piles(registry, scope).Select(pile => (DeviceKind.Pile, pile.Id)),
        .. RegistryScope.Trucks(registry, scope).Select(truck => (DeviceKind.Truck, truck.Id)),
        .. RegistryScope.Points(registry, scope).Select(point => (DeviceKind.Point, point.Id)),
    ];
}
