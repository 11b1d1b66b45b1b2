using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>The messages that a store received in a span, whole.</summary>
/// <param name="Messages">In the order in which they were stored; positions are 0.</param>
/// <param name="Empty">Messages that the store knows of and has no record of any more.</param>
public sealed record ReceivedMessages(IReadOnlyList<TelemetryMessage> Messages, int Empty);
