using System.Net;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Load;

internal enum PayloadFormat
{
    Json,
    Protobuf,
}

/// <summary>What the load command is asked to do.</summary>
internal sealed record LoadOptions(DnsEndPoint Broker)
{
    public const int ConnectionsMax = 60_000, WindowMax = 1000, RecordsMax = 500;

    public int Connections { get; init; } = 1000;

    /// <summary>Messages a second over all connections; 0: as fast as they are acknowledged.</summary>
    public double Rate { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    public bool UntilStopped { get; init; }

    public PayloadFormat Payload { get; init; }

    public int Qos { get; init; } = 1;

    /// <summary>Records in each message.</summary>
    public int Records { get; init; } = 1;

    /// <summary>Messages a connection may have unacknowledged.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Where a line is written for each acknowledged message.</summary>
    public string? LedgerPath { get; init; }

    /// <summary>Registers the load devices there first.</summary>
    public Uri? Grpc { get; init; }

    /// <summary>Every so many messages of a device one names a port that no pile has; 0: none does.</summary>
    public int BadEvery { get; init; }

    public int Seed { get; init; }

    /// <summary>The district in the devices' topics. Devices of another one than the demo's have its code in their names.</summary>
    public string Area { get; init; } = DistrictPlan.DistrictId;

    /// <summary>How long the broker may say nothing before a device connects again, as devices do that watch their
    /// acknowledgements.</summary>
    public TimeSpan SilenceMax { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long to wait for the last acknowledgements.</summary>
    public TimeSpan DrainWait { get; init; } = TimeSpan.FromSeconds(30);
}
