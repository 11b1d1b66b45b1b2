using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Running;

namespace SmartCity.Tests.Simulator;

public sealed class LiveRunTests
{
    private static readonly int Day = TestDays.Of(2026, 6, 3);

    [Fact]
    public async Task Devices_send_what_they_measured_and_never_the_future()
    {
        await using var broker = await RecordingBroker.StartAsync();
        var city = new City(DistrictBuilder.Build(1));
        var clock = new SimulatedClock(TimeProvider.System, CityTime.StartOf(Day) + (6 * CityTime.HourMs), speed: 600);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using (var fleet = new DeviceFleet(city.Devices, broker.EndPoint, 1, TimeProvider.System))
        {
            var running = new LiveRun(city, fleet, receipts: null, truth: null, clock, TimeProvider.System).RunAsync(stop.Token);
            await Eventually.HoldsAsync(() => broker.Deliveries.Any(d => d.ContentType is null), "a live message", seconds: 60);
            var live = broker.Count;
            await Eventually.HoldsAsync(() => broker.Count > live + 1000, "more of the day", seconds: 60);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }
        var uplinks = broker.Deliveries.Select(d => d.Decode()).ToList();
        Assert.All(uplinks, u => Assert.Empty(u.Problems));
        var messages = uplinks.Select(u => (u.Topic.DeviceId, u.Boot, u.Seq)).Distinct().Count();
        Assert.InRange(uplinks.Count / (double)messages, 1.002, 1.04); // The radio sends a few twice.
        Assert.All(uplinks.Where(u => u.Topic.DeviceId != DeviceClock.FastDevice), u => Assert.True(
            u.SentAt <= clock.Now + CityTime.MinuteMs));
        Assert.All(uplinks, u => Assert.Equal(Packer.LiveBoot(Day), u.Boot));
    }
}
