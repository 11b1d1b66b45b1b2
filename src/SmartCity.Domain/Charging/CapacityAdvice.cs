namespace SmartCity.Domain.Charging;

/// <summary>Why advice is to be taken with care.</summary>
public enum CapacityCaveat
{
    /// <summary>Fewer than 30 sessions began while a port was free.</summary>
    FewSessions = 1,

    /// <summary>Less than 72 h were seen.</summary>
    ShortTime = 2,

    /// <summary>More than a fifth of the time was not seen.</summary>
    MuchUnseen = 3,

    /// <summary>Some hours of the day were seen for 2 h or more in all, and had a free port for less than that: their arrivals are
    /// guessed from the hours around them, and are likely to be more.</summary>
    HoursBorrowed = 4,

    /// <summary>A port was seen free for less than 2 h in all, or no session is known of ports that were taken: there is no
    /// advice.</summary>
    NotObserved = 5,
}

/// <summary>How many ports a compound lacks.</summary>
/// <param name="Use">What it is made of.</param>
/// <param name="Load">The offered load; null when it cannot be known, and then so is all the rest.</param>
/// <param name="Blocking">The share of those who come in the busiest hour that find no free port, with all ports in order.</param>
/// <param name="PortsToAdd">The fewest more ports that bring it to the target.</param>
/// <param name="Low">The same for the lower end of the load's 95 % interval.</param>
/// <param name="High">The same for its upper end.</param>
/// <param name="Caveats">Why to take it with care.</param>
public sealed record CapacityAdvice(
    CapacityUse Use, OfferedLoad? Load, double? Blocking, int? PortsToAdd, LoadBound? Low, LoadBound? High,
    IReadOnlyList<CapacityCaveat> Caveats)
{
    private const double Deviations95 = 1.96;
    private const int SessionsMin = 30;
    private const double KnownHoursMin = 72;
    private const double UnknownMax = 0.2;

    /// <summary>Advice for a compound.</summary>
    /// <param name="use">How its ports were used.</param>
    /// <param name="target">The share of those who come that may find no free port, above 0.</param>
    public static CapacityAdvice Of(CapacityUse use, double target)
    {
        var caveats = CaveatsOf(use);
        if (OfferedLoad.Of(use) is not { } load)
        {
            return new CapacityAdvice(use, null, null, null, null, null, [.. caveats, CapacityCaveat.NotObserved]);
        }
        if (load.BorrowedHours > 0)
        {
            caveats.Add(CapacityCaveat.HoursBorrowed);
        }
        var error = Deviations95 * load.Deviation;
        return new CapacityAdvice(
            use, load, ErlangB.Blocking(load.Erlang, use.Ports), ToAdd(load.Erlang), BoundAt(Math.Max(0, load.Erlang - error)),
            BoundAt(load.Erlang + error), caveats);

        int ToAdd(double erlang) => Math.Max(0, ErlangB.PortsFor(erlang, target) - use.Ports);

        LoadBound BoundAt(double erlang) => new(erlang, ToAdd(erlang));
    }

    private static List<CapacityCaveat> CaveatsOf(CapacityUse use)
    {
        var caveats = new List<CapacityCaveat>();
        if (use.Arrivals.Sum() < SessionsMin)
        {
            caveats.Add(CapacityCaveat.FewSessions);
        }
        if (use.KnownMs < KnownHoursMin * CapacityUse.MsPerHour)
        {
            caveats.Add(CapacityCaveat.ShortTime);
        }
        if (use.UnknownMs > UnknownMax * (use.KnownMs + use.UnknownMs))
        {
            caveats.Add(CapacityCaveat.MuchUnseen);
        }
        return caveats;
    }
}

/// <summary>One end of an interval.</summary>
/// <param name="Erlang">The load.</param>
/// <param name="PortsToAdd">The ports it takes for the target.</param>
public readonly record struct LoadBound(double Erlang, int PortsToAdd);
