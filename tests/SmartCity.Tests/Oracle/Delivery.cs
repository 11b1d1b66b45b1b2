using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>One record as it came in once. All times are whole seconds since the Unix epoch.</summary>
/// <param name="Boot">The device's power-up; null for one that does not count its messages.</param>
/// <param name="Time">What the device's clock said.</param>
/// <param name="SentAt">By the same clock; null when not given.</param>
internal sealed record Delivery(
    int Pile, int? Boot, long Sequence, ushort Index, long Time, long? SentAt, long Received, object What);

/// <summary>A port's status.</summary>
internal sealed record Said(int Port, PortStatus Status);

/// <summary>A counter's reading.</summary>
internal sealed record Metered(int Port, string? Session, decimal Wh);

/// <summary>What a port's sensors say.</summary>
internal sealed record Sensed(int Port, decimal? Watts, decimal? PortC, decimal? AirC);

/// <summary>A step of a session.</summary>
internal sealed record Step(int Port, string Session, SessionEvent Event, long? Start, long? End, decimal? Wh);

/// <summary>A fault's event.</summary>
internal sealed record Trouble(int Port, int Code, FaultEvent Event, double? Value);

/// <summary>Anything else that was heard.</summary>
internal sealed record Ping;

/// <summary>A Will.</summary>
internal sealed record Gone;
