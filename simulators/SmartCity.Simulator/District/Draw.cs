namespace SmartCity.Simulator.District;

/// <summary>Draws from the distributions that the city follows.</summary>
internal static class Draw
{
    public static double Between(this Random random, double from, double until) => from + (random.NextDouble() * (until - from));

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static double Exponential(this Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    public static double Gaussian(this Random random, double sigma = 1) =>
        sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double LogNormal(this Random random, double median, double sigma) => median * Math.Exp(random.Gaussian(sigma));

    public static double Weibull(this Random random, double median, double shape) =>
        median * Math.Pow(-Math.Log(1 - random.NextDouble()) / Math.Log(2), 1 / shape);

    /// <summary>Beta(3, 2): the third smallest of four uniform draws.</summary>
    public static double BetaThreeTwo(this Random random)
    {
        Span<double> draws = [random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble()];
        draws.Sort();
        return draws[2];
    }
}
