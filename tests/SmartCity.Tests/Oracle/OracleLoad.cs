namespace SmartCity.Tests.Oracle;

/// <summary>The load that a compound's ports were offered, added up quarter of an hour by quarter of an hour: every stay of the
/// period must be whole quarters.</summary>
internal sealed class OracleLoad
{
    private const int CellSeconds = 450; // Half a quarter: seen from the middle of a quarter, an hour begins between two of them.

    private readonly double[] rates = new double[24];
    private readonly double[] variances = new double[24];
    private readonly double[,] weights = new double[24, 24];

    public OracleLoad(OracleUse use)
    {
        for (var hour = 0; hour < 24; hour++)
        {
            SetRate(use, hour);
        }
        foreach (var stay in use.Stays)
        {
            for (var quarter = 0; quarter < 96; quarter++)
            {
                for (var back = 0; back < stay / CellSeconds; back++)
                {
                    // Somebody who came in this cell of 450 s is still there in the middle of this quarter.
                    var cameCell = (2 * quarter) - back;
                    var cameHour = (int)(Math.Floor(cameCell / 8d) % 24 + 24) % 24;
                    weights[quarter / 4, cameHour] += CellSeconds / 3600d / 4 / use.Sessions;
                }
            }
        }
        Loads = [.. Enumerable.Range(0, 24).Select(hour => Enumerable.Range(0, 24).Sum(came => weights[hour, came] * rates[came]))];
        StayVariance = VarianceOfMean(use.Stays);
    }

    /// <summary>By local hour of the day, erlang.</summary>
    public double[] Loads { get; }

    public int BorrowedHours { get; private set; }

    /// <summary>The squared relative error of the mean stay.</summary>
    public double StayVariance { get; }

    public double RateAt(int hour) => rates[hour];

    public double DeviationAt(int hour) => Math.Sqrt(
        Enumerable.Range(0, 24).Sum(came => weights[hour, came] * weights[hour, came] * variances[came])
        + (Loads[hour] * Loads[hour] * StayVariance));

    /// <summary>The share that finds none free: Erlang's A^n/n! over the sum of A^k/k!, both divided by A^n/n!, since the powers of
    /// a large load are too large for a double.</summary>
    public static double Blocking(double erlang, int ports)
    {
        var (term, sum) = (1.0, 1.0);
        for (var k = ports; k >= 1; k--)
        {
            term *= k / erlang;
            sum += term;
        }
        return 1 / sum;
    }

    public static int PortsFor(double erlang, double target)
    {
        var (tooFew, enough) = (-1, (int)Math.Ceiling(3 * erlang) + 1000);
        while (enough - tooFew > 1)
        {
            var ports = (enough + tooFew) / 2;
            (tooFew, enough) = Blocking(erlang, ports) > target ? (ports, enough) : (tooFew, ports);
        }
        return enough;
    }

    private void SetRate(OracleUse use, int hour)
    {
        for (var around = 0; around <= 12; around++)
        {
            var hours = Enumerable.Range(-around, (2 * around) + 1).Select(offset => (hour + offset + 24) % 24).Distinct().ToList();
            var open = hours.Sum(h => use.Open[h]);
            if (open >= 7200)
            {
                var came = hours.Sum(h => use.Arrivals[h]);
                rates[hour] = came / (open / 3600d);
                variances[hour] = came / (open / 3600d) / (open / 3600d);
                BorrowedHours += around > 0 && use.Open[hour] + use.Saturated[hour] >= 7200 ? 1 : 0;
                return;
            }
        }
    }

    private static double VarianceOfMean(List<long> stays)
    {
        if (stays.Count == 0)
        {
            return 0;
        }
        var mean = stays.Average();
        var variance = stays.Sum(stay => Math.Pow((stay / mean) - 1, 2)) / stays.Count;
        return variance / stays.Count;
    }
}
