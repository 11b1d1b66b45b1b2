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

    private static async Task<List<(string Device, string Boot, ulong Seq, ulong Hash)>> RunAsync()
    {
        await using var broker = await RecordingBroker.StartAsync();
        var city = new City(DistrictBuilder.Build(1));
        city.Prepare(Day, Day + 1);
        await using (var fleet = new DeviceFleet(city.Devices, broker.EndPoint, 1, TimeProvider.System))
        {
            await new Backfill(city, fleet, receipts: null, truth: null).SendAsync(
                Day, Day + 1, CityTime.StartOf(Day + 2), TestContext.Current.CancellationToken);
            Assert.Equal(fleet.Counters.PostedCount, fleet.Counters.AckedCount);
        }
        Assert.All(broker.Deliveries, d => Assert.Equal(d.ClientId, d.Decode().Topic.DeviceId));
        return [.. broker.Deliveries.Select(d => d.Decode()).Select(u => (
            u.Topic.DeviceId, u.Boot, u.Seq!.Value, ContentHash.MessageHash(u.Topic.Channel, u.Records))).Order()];
    }
}
