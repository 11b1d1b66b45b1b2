using System.Net;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Mqtt;

namespace SmartCity.Simulator.Running;

/// <summary>What a simulation of the district is asked to do.</summary>
internal sealed record SimulationOptions(DnsEndPoint Broker, int Seed)
{
    /// <summary>The one account of all devices; null where the broker asks nobody.</summary>
    public MqttLogin? Login { get; init; }

    /// <summary>Where the server's gRPC is; without it nothing is imported and nothing is known of what is stored.</summary>
    public Uri? Grpc { get; init; }

    /// <summary>Whole local days before the first live one that are sent first.</summary>
    public int BackfillDays { get; init; }

    /// <summary>The local day that the back-fill ends before; null: the day of <see cref="LiveStart"/>.</summary>
    public int? BackfillUntil { get; init; }

    /// <summary>Whether the back-fill leaves out the days of devices that did not know the time.</summary>
    public bool DatedOnly { get; init; }

    /// <summary>Whether it goes on in real time after the back-fill.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Faster than 1: the last day before now is run through at this speed, then real time.</summary>
    public double Speed { get; init; } = 1;

    public string? TruthPath { get; init; }

    /// <summary>When live simulation starts.</summary>
    public long LiveStart(long now) => Speed > 1 ? now - CityTime.DayMs : now;
}
