namespace SmartCity.Tests.Live;

public sealed class TruckStateTests
{
    private const double MetreNorth = 1 / 111_195.0;
    private readonly Town town = new();

    [Fact]
    public void A_truck_is_where_its_last_usable_fix_was()
    {
        town.Tell(
            Say.Position(-30, 43.8, 126.5, 20), Say.Position(-20, 43.8002, 126.5, 20), Say.Position(-10, 0, 0),
            Say.Position(-5, 43.9, 126.9, 10, valid: false), Say.Position(-40, 43.7998, 126.5, 20));

        var truck = town.Truck();

        Assert.Equal(43.8002, truck.Position?.Lat);
        Assert.Equal((20d, 90d, false), (truck.SpeedKmh, truck.HeadingDeg, truck.Stale));
        Assert.Null(truck.Point);
        Assert.Equal(Town.Start - TimeSpan.FromSeconds(5), truck.LastHeard);
    }

    [Theory]
    [InlineData(10, 5, "q1")]
    [InlineData(10, 5.1, null)] // Drives past.
    [InlineData(13, 0, "q2")] // The nearer of two.
    [InlineData(-39, 0, "q1")]
    [InlineData(-41, 0, null)] // Outside.
    public void It_stands_at_the_nearest_point_whose_fence_it_is_in(double metresNorth, double speed, string? point)
    {
        town.Tell(Say.Position(0, 43.85 + (metresNorth * MetreNorth), 126.55, speed));

        Assert.Equal(point, town.Truck().Point);
    }

    [Fact]
    public void Without_a_fix_for_two_minutes_it_is_stale()
    {
        town.Tell(Say.Position(0, 43.85, 126.55, 30));
        town.Pass(120);
        var fresh = town.Truck();
        town.Pass(0.001);

        Assert.Equal((false, true), (fresh.Stale, town.Truck().Stale));
    }

    [Fact]
    public void A_parked_truck_reports_seldom_and_is_stale_after_a_quarter_of_an_hour()
    {
        town.Tell(Say.Position(0, 43.85, 126.55, 0.4));
        town.Pass(900);
        var parked = town.Truck();
        town.Pass(0.001);

        Assert.Equal((false, true), (parked.Stale, town.Truck().Stale));
    }
}
