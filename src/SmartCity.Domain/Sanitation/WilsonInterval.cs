namespace SmartCity.Domain.Sanitation;

/// <summary>Where the rate behind a count may lie, 0..1: the score interval of Wilson (1927). Of one in one it does not say that all is
/// well, which the rate itself does.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct WilsonInterval(double Low, double High)
{
    // Of the standard normal distribution, 95 % lie within so many deviations.
    private const double Z = 1.959964;

    /// <summary>The interval of 95 %; null when there is nothing to count.</summary>
    /// <param name="part">How many it was true of.</param>
    /// <param name="whole">Of how many.</param>
    public static WilsonInterval? Of(long part, long whole)
    {
        if (whole == 0)
        {
            return null;
        }
        var n = (double)whole;
        var p = part / n;
        var middle = (p + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        var half = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))) / (1 + (Z * Z / n));
        // At the ends the formula gives 0 and 1, but for rounding.
        return new WilsonInterval(part == 0 ? 0 : middle - half, part == whole ? 1 : middle + half);
    }
}
