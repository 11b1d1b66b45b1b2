using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

public sealed class RegistrySnapshotTests
{
    private static readonly Pile Old = Pile("p", "c") with { Validity = new Validity(At("2026-01-01"), At("2026-02-01")), Ports = 2 };
    private static readonly Pile New = Pile("p", "c") with { Validity = new Validity(At("2026-03-01"), At("2026-04-01")), Ports = 4 };
    private static readonly RegistrySnapshot City = Snapshot(New, Pile("a", "c"), Old, Truck("t", null, null), Point("k", "c"));

    [Fact]
    public void Versions_come_oldest_first_whatever_order_they_were_given_in()
    {
        Assert.Equal([Old, New], City.PileVersions("p"));
        Assert.Equal(["a", "p", "p"], City.Piles.Select(p => p.Id));
    }

    [Fact]
    public void The_version_of_a_moment_is_found_and_outside_all_of_them_the_latest()
    {
        Assert.Same(Old, City.FindPile("p", At("2026-01-01")));
        Assert.Same(New, City.FindPile("p", At("2026-03-31")));
        Assert.Same(New, City.FindPile("p", At("2026-02-01")));
        Assert.Same(New, City.FindPile("p", At("2026-04-01")));
        Assert.Same(New, City.FindPile("p", At("2025-12-31")));
    }

    [Fact]
    public void Nobody_knows_what_was_not_registered()
    {
        Assert.Null(City.FindPile("x", Always.From));
        Assert.Null(City.FindArea(null, Always.From));
        Assert.Empty(City.PileVersions("x"));
        Assert.Empty(City.AreaVersions("x"));
        Assert.False(City.Knows(DeviceKind.Truck, "p"));
    }

    [Theory]
    [InlineData(DeviceKind.Pile, "p")]
    [InlineData(DeviceKind.Truck, "t")]
    [InlineData(DeviceKind.Point, "k")]
    public void A_device_is_known_by_kind_and_id(DeviceKind kind, string id) => Assert.True(City.Knows(kind, id));
}
