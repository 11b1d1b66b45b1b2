using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Tests.Live;

namespace SmartCity.Tests.Api.Sanitation;

public sealed class LiveTrucksTests
{
    private readonly Town town = new();

    [Fact]
    public async Task A_truck_comes_with_where_it_is_and_how_sure_that_is()
    {
        await town.City.RebuildAsync(new ListStore([]), TestContext.Current.CancellationToken);
        town.Tell(Say.Position(-5, 43.85, 126.55, 2));
        var trucks = new LiveTrucks(town.City, new Qualities(() => 0));

        var answer = await trucks.ListAsync(
            new ListTrucksRequest { Scope = new Scope { DistrictIds = { "220204" } } }, TestContext.Current.CancellationToken);
        var nobody = await trucks.ListAsync(
            new ListTrucksRequest { Scope = new Scope { CompoundIds = { "c1" } } }, TestContext.Current.CancellationToken);
        var unknown = await Assert.ThrowsAsync<InvalidQueryException>(async () => await trucks.ListAsync(
            new ListTrucksRequest { Scope = new Scope { TruckIds = { "t9" } } }, TestContext.Current.CancellationToken));

        var truck = Assert.Single(answer.Trucks);
        Assert.Equal(("t1", "吉B12345", 43.85, 2d, 90d, "q1", false), (
            truck.TruckId, truck.Plate, truck.Position.Lat, truck.SpeedKmh, truck.HeadingDeg, truck.PointId, truck.Stale));
        Assert.Equal((1d, 1, 0), (answer.Quality.Completeness, answer.Quality.Devices, answer.Quality.DevicesSilent));
        Assert.Empty(nobody.Trucks);
        Assert.Contains("'t9'", unknown.Message, StringComparison.Ordinal);
    }
}
