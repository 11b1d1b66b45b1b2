namespace SmartCity.Domain.Charging;

/// <summary>
/// How many ports would be taken if nobody ever found them all taken, erlang (ports taken at the same time, on average).
/// </summary>
/// <remarks>
/// Arrivals are a Poisson process with a rate of its own for each hour of the day. While a compound is saturated nobody can be seen to
/// come, so that time is left out (censored): the likeliest rate of an hour is the arrivals while a port was free, divided by the time in
/// which one was free. A charge lasts for hours, so the load of an hour comes from the arrivals of the hours before it, as far as they are
/// still there: m(t) = sum over lags u of rate(t - u) x P(stay lasts longer than u). That is the modified offered load (Jagerman 1975;
/// Massey and Whitt 1994); with the same rate all day it is Erlang's rate x mean stay.
/// </remarks>
/// <param name="Erlang">The load of the busiest hour.</param>
/// <param name="Deviation">Its standard error, from the counts of arrivals and the spread of stays.</param>
/// <param name="BusiestHour">The local hour of the day, 0..23.</param>
/// <param name="ArrivalsPerHour">How many came in an hour of it, or would have.</param>
/// <param name="BorrowedHours">How many hours of the day were full so often that they took the rate of the hours around them. Hours of
/// which little was seen do so, too, but they need not have been busier than those.</param>
public sealed record OfferedLoad(double Erlang, double Deviation, int BusiestHour, double ArrivalsPerHour, int BorrowedHours)
{
    private const int Hours = CapacityUse.Hours;

    // With less observed, one person more or less would double the rate.
    private const long OpenMinMs = 2 * 3_600_000;

    /// <summary>The load that ports were offered; null when too little was seen to tell.</summary>
    public static OfferedLoad? Of(CapacityUse use)
    {
        var isIdle = use.StaysMs.Count == 0 && use.Arrivals.Sum() == 0;
        if (use.OpenMs.Sum() < OpenMinMs || (use.HoldHours is null && !isIdle))
        {
            return null;
        }
        var rates = Enumerable.Range(0, Hours).Select(hour => RateOf(use, hour)).ToArray();
        var lags = isIdle ? new double[Hours] : LagsOf(use);
        var loads = Enumerable.Range(0, Hours).Select(hour => SumOver(lags, lag => rates[Before(hour, lag)].PerHour)).ToArray();
        var busiest = Array.IndexOf(loads, loads.Max());
        var ofCounts = Enumerable.Range(0, Hours).Sum(lag => lags[lag] * lags[lag] * rates[Before(busiest, lag)].Variance);
        var ofStays = loads[busiest] * loads[busiest] * RelativeVariance(use.StaysMs);
        return new OfferedLoad(
            loads[busiest], Math.Sqrt(ofCounts + ofStays), busiest, rates[busiest].PerHour, rates.Count(rate => rate.IsBorrowed));
    }

    /// <summary>Of the hour itself, or with as many hours around it as it takes to have seen enough.</summary>
    private static Rate RateOf(CapacityUse use, int hour)
    {
        var (arrivals, open) = ((long)use.Arrivals[hour], use.OpenMs[hour]);
        var isBorrowed = open < OpenMinMs && open + use.SaturatedMs[hour] >= OpenMinMs;
        for (var around = 1; around <= Hours / 2 && open < OpenMinMs; around++)
        {
            int[] both = around == Hours / 2 ? [(hour + around) % Hours] : [Before(hour, around), (hour + around) % Hours];
            arrivals += both.Sum(h => (long)use.Arrivals[h]);
            open += both.Sum(h => use.OpenMs[h]);
        }
        var hours = open / CapacityUse.MsPerHour;
        return new Rate(arrivals / hours, arrivals / (hours * hours), isBorrowed);
    }

    /// <summary>For each number of hours before (modulo a day), how much of a later hour somebody who came then is still there for, h.
    /// Together they are the mean stay of a session.</summary>
    private static double[] LagsOf(CapacityUse use)
    {
        var lags = new double[Hours];
        foreach (var stay in use.StaysMs)
        {
            var hours = stay / CapacityUse.MsPerHour;
            for (var lag = 0; lag < hours + 1; lag++)
            {
                lags[lag % Hours] += Triangle(hours - lag) - Triangle(-lag);
            }
        }
        for (var lag = 0; lag < Hours; lag++)
        {
            lags[lag] /= use.Sessions;
        }
        return lags;
    }

    // The distribution of the difference of two moments, each anywhere in an hour.
    private static double Triangle(double x) => x switch
    {
        <= -1 => 0,
        < 0 => (1 + x) * (1 + x) / 2,
        < 1 => 1 - ((1 - x) * (1 - x) / 2),
        _ => 1,
    };

    /// <summary>The squared relative standard error of the mean stay.</summary>
    private static double RelativeVariance(IReadOnlyList<long> stays)
    {
        if (stays.Count == 0)
        {
            return 0;
        }
        var mean = stays.Average();
        return stays.Sum(stay => (stay - mean) * (stay - mean)) / (mean * mean) / ((double)stays.Count * stays.Count);
    }

    private static double SumOver(double[] lags, Func<int, double> rate) => lags.Select((weight, lag) => weight * rate(lag)).Sum();

    private static int Before(int hour, int lag) => (hour - lag + Hours) % Hours;

    private readonly record struct Rate(double PerHour, double Variance, bool IsBorrowed);
}
