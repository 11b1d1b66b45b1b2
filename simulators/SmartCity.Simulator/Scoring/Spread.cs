using System.Globalization;

namespace SmartCity.Simulator.Scoring;

/// <summary>Errors of one kind, in seconds (or whatever was added).</summary>
internal sealed class Spread
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    public double Max => values.Count == 0 ? 0 : values.Max();

    public void Add(double value) => values.Add(Math.Abs(value));

    /// <summary>The nearest-rank quantile of the absolute errors; 0 without any.</summary>
    public double At(double share)
    {
        if (values.Count == 0)
        {
            return 0;
        }
        values.Sort();
        return values[Math.Clamp((int)Math.Ceiling(share * values.Count) - 1, 0, values.Count - 1)];
    }

    /// <summary>Median and 95th percentile.</summary>
    public string Words(string unit) => values.Count == 0 ? "-" : string.Create(
        CultureInfo.InvariantCulture, $"{At(0.5):#,0.#} {unit}, {At(0.95):#,0.#} {unit}");
}
