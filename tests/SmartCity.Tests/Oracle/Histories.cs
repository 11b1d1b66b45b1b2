using System.Globalization;

namespace SmartCity.Tests.Oracle;

/// <summary>Runs a check over many random worlds. SMARTCITY_HISTORIES says how many, SMARTCITY_SEED runs one.</summary>
internal static class Histories
{
    public static void Check(int defaultCount, Action<int> check)
    {
        if (Setting("SMARTCITY_SEED") is { } seed)
        {
            Try(seed, check);
            return;
        }
        Parallel.For(0, Setting("SMARTCITY_HISTORIES") ?? defaultCount, (i, loop) =>
        {
            if (!loop.IsExceptional)
            {
                Try(i, check);
            }
        });
    }

    private static void Try(int seed, Action<int> check)
    {
        try
        {
            check(seed);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
