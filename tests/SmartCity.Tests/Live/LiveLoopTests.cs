using SmartCity.Domain.Telemetry;
using SmartCity.Server.Live;

namespace SmartCity.Tests.Live;

public sealed class LiveLoopTests
{
    [Fact]
    public async Task Changes_are_announced_within_one_interval_and_silence_too()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var town = new Town();
        town.City.Refresh();
        using var loop = new LiveLoop(town.City, town.Clock);
        await loop.StartAsync(cancellation);
        var seen = town.City.Changes.Current;
        town.Tell(Say.Status(0, PortStatus.Charging));

        await AnnouncedAsync(town, seen, LiveLoop.Interval);
        seen = town.City.Changes.Current;
        await AnnouncedAsync(town, seen, TimeSpan.FromSeconds(91));

        Assert.True(town.City.Changes.Current > seen);
        await loop.StopAsync(cancellation);
    }

    // The loop may not wait for its timer yet when the clock moves; then the next tick finds the change.
    private static async Task AnnouncedAsync(Town town, long seen, TimeSpan step)
    {
        var waiting = town.City.Changes.WaitBeyondAsync(seen, TestContext.Current.CancellationToken);
        var deadline = TimeProvider.System.GetTimestamp();
        while (!waiting.IsCompleted && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(20))
        {
            town.Clock.Advance(step);
            await Task.Yield();
        }
        await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
