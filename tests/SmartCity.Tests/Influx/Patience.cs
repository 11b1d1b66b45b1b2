using Microsoft.Extensions.Time.Testing;

namespace SmartCity.Tests.Influx;

internal static class Patience
{
    /// <summary>Lets time pass, two hundred times as fast, until something is done.</summary>
    public static async Task<T> PassAsync<T>(this FakeTimeProvider clock, Task<T> task)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!task.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            clock.Advance(TimeSpan.FromMilliseconds(500));
        }
        return await task;
    }
}
