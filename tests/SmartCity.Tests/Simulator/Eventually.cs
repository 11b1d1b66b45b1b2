namespace SmartCity.Tests.Simulator;

internal static class Eventually
{
    /// <summary>Waits until something holds; fails when it does not within a while.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, int seconds = 20)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var left = seconds * 100; !condition(); left--)
        {
            Assert.True(left > 0, $"{what}: not within {seconds} s");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
