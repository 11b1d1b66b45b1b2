namespace SmartCity.Domain.Faults;

/// <summary>When the server raises a fault by itself. The defaults are the documented ones; the hold of most is the debounce of
/// their code.</summary>
public sealed record FaultThresholds
{
    /// <summary>The defaults.</summary>
    public static FaultThresholds Default { get; } = new();

    /// <summary>102: a port this hot or hotter, C.</summary>
    public double PortTempC { get; init; } = 65;

    /// <summary>102: cleared this much below, K.</summary>
    public double PortTempClearK { get; init; } = 5;

    /// <summary>204: more than this multiple of the rated power; cleared at the rated power.</summary>
    public double PowerFactor { get; init; } = 1.1;

    /// <summary>107: colder than this, C.</summary>
    public double AmbientMinC { get; init; } = -10;

    /// <summary>107: cleared this much above, K.</summary>
    public double AmbientClearK { get; init; } = 2;

    /// <summary>106: how much warmer than the air a sound port is at its rated power at least, K, however cool its
    /// siblings are.</summary>
    public double RiseAtRatedMinK { get; init; } = 20;

    /// <summary>106: the most that a sound port may be warmer than the air at its rated power, K: what IEC 60884-1 (GB/T 2099.1)
    /// allows the contacts of a socket.</summary>
    public double RiseAtRatedMaxK { get; init; } = 45;

    /// <summary>106: a sibling tells what a load explains from this share of its rated power on; with less the warmth of the
    /// cabinet would be taken for that of the load.</summary>
    public double RiseShareMin { get; init; } = 0.1;

    /// <summary>106: this much above what its power explains, K.</summary>
    public double RiseExcessK { get; init; } = 15;

    /// <summary>106: cleared when less than this is not explained, K.</summary>
    public double RiseClearK { get; init; } = 10;

    /// <summary>106: for so long, without a gap between samples of twice as much.</summary>
    public TimeSpan RiseHold { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>102, 106, 204: over when the port was not measured for longer than this and three report intervals, unless the
    /// whole pile is OFFLINE then: in that case when it is heard again.</summary>
    public TimeSpan UnmeasuredMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>107: the same for the air, which changes more slowly.</summary>
    public TimeSpan AmbientUnmeasuredMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>705: so many changes of status.</summary>
    public int FlapChanges { get; init; } = 6;

    /// <summary>705: within so long; cleared after so long without a change.</summary>
    public TimeSpan FlapWithin { get; init; } = TimeSpan.FromMinutes(10);
}
