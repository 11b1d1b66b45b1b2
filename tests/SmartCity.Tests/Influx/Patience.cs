using Microsoft.Extensions.Time.Testing;

namespace SmartCity.Tests.Influx;

internal static class Patience
{
    /// <summary>Lets time pass, a step every 2 ms, until something is done.</summary>
    public static async Task<T> PassAsync<T>(this FakeTimeProvider clock, Task<T> task, TimeSpan step)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!task.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            clock.Advance(step);
        }
        return await task;
    }
}
