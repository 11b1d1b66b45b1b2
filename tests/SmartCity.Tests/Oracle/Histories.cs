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

    /// <summary>The same, one after the other, for checks that wait for a store.</summary>
    public static async Task CheckAsync(int defaultCount, Func<int, Task> check)
    {
        var (first, count) = Setting("SMARTCITY_SEED") is { } seed ? (seed, 1) : (0, Setting("SMARTCITY_HISTORIES") ?? defaultCount);
        for (var i = first; i < first + count; i++)
        {
            try
            {
                await check(i);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {i}: {e}");
            }
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
