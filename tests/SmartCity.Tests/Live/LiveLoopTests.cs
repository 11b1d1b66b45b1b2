using SmartCity.Domain.Telemetry;
using SmartCity.Server.Live;

namespace SmartCity.Tests.Live;

public sealed class LiveLoopTests
{
    private readonly Town town = new();

    [Fact]
    public async Task A_message_is_announced_without_anybody_asking()
    {
        town.City.Refresh();
        var seen = town.City.Changes.Current;
        town.Tell(Say.Status(0, PortStatus.Charging));

        await RunUntilAnnouncedAsync(seen, LiveLoop.Interval);
    }

    [Fact]
    public async Task Silence_is_announced_without_any_message()
    {
        town.Tell(Say.Status(0, PortStatus.Charging));
        town.City.Refresh();

        await RunUntilAnnouncedAsync(town.City.Changes.Current, TimeSpan.FromSeconds(91));
    }

    // How often the clock moves before the loop runs is up to the machine; each test has one change to find, whenever it looks.
    private async Task RunUntilAnnouncedAsync(long seen, TimeSpan step)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var loop = new LiveLoop(town.City, town.Clock);
        await loop.StartAsync(cancellation);
        var announced = town.City.Changes.WaitBeyondAsync(seen, cancellation);
        var started = TimeProvider.System.GetTimestamp();
        while (!announced.IsCompleted && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
        {
            town.Clock.Advance(step);
            await Task.Yield();
        }
        await announced.WaitAsync(TimeSpan.FromSeconds(20), cancellation);
        await loop.StopAsync(cancellation);
    }
}
