namespace SmartCity.Domain.Charging;

/// <summary>
/// The loss formula of Erlang (1917): so many of those who come find every port taken, and go away. It holds for any distribution of
/// the time that a port is taken (Sevastyanov 1957).
/// </summary>
public static class ErlangB
{
    /// <summary>The share of those who come that find no free port, 0..1.</summary>
    /// <param name="erlang">The offered load: arrivals an hour times hours a port is taken for.</param>
    /// <param name="ports">How many ports there are.</param>
    public static double Blocking(double erlang, int ports)
    {
        Check(erlang);
        ArgumentOutOfRangeException.ThrowIfNegative(ports);
        var blocking = 1.0;
        for (var n = 1; n <= ports; n++)
        {
            blocking = Next(erlang, blocking, n);
        }
        return blocking;
    }

    /// <summary>The fewest ports with which at most <paramref name="target"/> (above 0) of those who come find none.</summary>
    public static int PortsFor(double erlang, double target)
    {
        Check(erlang);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target);
        var ports = 0;
        for (var blocking = 1.0; blocking > target; blocking = Next(erlang, blocking, ports))
        {
            ports++;
        }
        return ports;
    }

    // Exact, and without the factorials of the closed form: B(n) = A B(n-1) / (n + A B(n-1)).
    private static double Next(double erlang, double blocking, int ports) => erlang * blocking / (ports + (erlang * blocking));

    private static void Check(double erlang)
    {
        if (!double.IsFinite(erlang) || erlang < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(erlang), erlang, "A load is a number from 0 up.");
        }
    }
}
