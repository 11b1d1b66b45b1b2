using SmartCity.Domain.Registry;

namespace SmartCity.Tests.Oracle;

/// <summary>What stands beside the rows of an answer.</summary>
internal enum Grouping
{
    Compound,
    Pile,
    Port,
}

/// <summary>One version of a pile in the registry, [From, Until).</summary>
internal sealed record OracleVersion(
    long From, long? Until, int Compound, PileKind Kind, int Ports, decimal? RatedW, int IntervalSeconds)
{
    public long OfflineAfter => Math.Max(3 * IntervalSeconds, 180);

    public bool Holds(long second) => second >= From && (Until is not { } until || second < until);
}

/// <summary>One question with all that is known: who exists, what was delivered, which period is asked for.</summary>
internal sealed record OracleWorld(
    int Seed, TimeZoneInfo Zone, long From, long Until, long Evaluation, long MaxSessionSeconds, Grouping Grouping,
    int CompoundsInScope, IReadOnlyList<OracleVersion[]> Piles, IReadOnlyList<Delivery> Deliveries)
{
    public const int PortsMax = 3;

    /// <summary>The seconds of the period that have happened.</summary>
    public int Seconds => (int)Math.Clamp(Evaluation - From, 0, Until - From);

    public int Groups => Grouping switch
    {
        Grouping.Compound => CompoundsInScope,
        Grouping.Pile => Piles.Count,
        _ => Piles.Count * PortsMax,
    };

    /// <summary>The version of a pile that holds; null while it is not commissioned.</summary>
    public OracleVersion? VersionAt(int pile, long second)
    {
        foreach (var version in Piles[pile])
        {
            if (version.Holds(second))
            {
                return version;
            }
        }
        return null;
    }

    /// <summary>The group of a port, or null when it is not asked for.</summary>
    public int? GroupOf(int pile, OracleVersion version, int port) => Grouping switch
    {
        _ when version.Compound >= CompoundsInScope => null,
        Grouping.Compound => version.Compound,
        Grouping.Pile => pile,
        _ => (pile * PortsMax) + port - 1,
    };

    /// <summary>The group in which a commissioned port counts at a moment of the period.</summary>
    public int? GroupAt(int pile, int port, long second) =>
        second >= From && second < Until && VersionAt(pile, second) is { } version && port >= 1 && port <= version.Ports
            ? GroupOf(pile, version, port)
            : null;
}
