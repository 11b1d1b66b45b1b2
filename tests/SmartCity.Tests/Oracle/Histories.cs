using System.Collections.Concurrent;
using System.Globalization;

namespace SmartCity.Tests.Oracle;

/// <summary>Runs a check over many random worlds. SMARTCITY_HISTORIES says how many, SMARTCITY_SEED runs one.</summary>
internal static class Histories
{
    public static void Check(int defaultCount, Action<int> check)
    {
        if (Setting("SMARTCITY_SEED") is { } seed)
        {
            check(seed);
            return;
        }
        var failures = new ConcurrentQueue<(int Seed, Exception Cause)>();
        Parallel.For(0, Setting("SMARTCITY_HISTORIES") ?? defaultCount, (i, loop) =>
        {
            try
            {
                check(i);
            }
            catch (Exception e)
            {
                failures.Enqueue((i, e)); // Told below, the smallest seed first.
                loop.Stop();
            }
        });
        if (!failures.IsEmpty)
        {
            var (first, cause) = failures.MinBy(f => f.Seed);
            Assert.Fail($"seed {first}: {cause}");
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
