using SmartCity.Protocol.Mqtt;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Running;

namespace SmartCity.Tests.Simulator;

public sealed class BackfillTests
{
    private static readonly int Day = TestDays.Of(2026, 6, 3);

    [Fact]
    public async Task A_second_run_sends_nothing_new()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal(132, first.Select(d => d.Device).Distinct().Count());
        Assert.Equal(first, second);
        // The radio sends a few twice.
        Assert.InRange(first.Count / (double)first.Distinct().Count(), 1.002, 1.04);
    }

    [Fact]
    public async Task A_device_without_the_time_can_be_left_out_on_the_days_it_had_none()
    {
        var unset = Enumerable.Range(Day, 3).First(day => DeviceClock.IsUnset(DeviceClock.EpochDevice, day));
        Assert.Contains(await RunAsync(unset), d => d.Device == DeviceClock.EpochDevice);
        var dated = await RunAsync(unset, datedOnly: true);
        Assert.DoesNotContain(dated, d => d.Device == DeviceClock.EpochDevice);
        Assert.Equal(131, dated.Select(d => d.Device).Distinct().Count());
        Assert.Contains(await RunAsync(unset + 1, datedOnly: true), d => d.Device == DeviceClock.EpochDevice);
    }

    private static Task<List<(string Device, string Boot, ulong Seq, ulong Hash)>> RunAsync() =>
        RunAsync(Day);

    private static async Task<List<(string Device, string Boot, ulong Seq, ulong Hash)>> RunAsync(int day, bool datedOnly = false)
    {
        await using var broker = await RecordingBroker.StartAsync();
        var city = new City(DistrictBuilder.Build(1));
        city.Prepare(day, day + 1);
        await using (var fleet = new DeviceFleet(city.Devices, broker.EndPoint, 1, TimeProvider.System))
        {
            await new Backfill(city, fleet, receipts: null, truth: null, datedOnly).SendAsync(
                day, day + 1, CityTime.StartOf(day + 2), TestContext.Current.CancellationToken);
            Assert.Equal(fleet.Counters.PostedCount, fleet.Counters.AckedCount);
        }
        Assert.All(broker.Deliveries, d => Assert.Equal(d.ClientId, d.Decode().Topic.DeviceId));
        return [.. broker.Deliveries.Select(d => d.Decode()).Select(u => (
            u.Topic.DeviceId, u.Boot, u.Seq!.Value, ContentHash.MessageHash(u.Topic.Channel, u.Records))).Order()];
    }
}
