using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Live;

public sealed class RebuildTests
{
    [Fact]
    public async Task A_city_rebuilt_from_the_store_shows_what_it_showed_before()
    {
        TelemetryMessage[] messages =
        [
            Say.Status(-90_000, PortStatus.Available, port: 2), Say.Status(-4_000, PortStatus.Available),
            Say.Fault(-3_000, FaultEvent.Raised, 102), Say.Fault(-2_900, FaultEvent.Raised, 901, sequence: 1),
            Say.Session(-2_000, SessionEvent.Started, "A"), Say.Status(-1_999, PortStatus.Charging, session: "A"),
            .. Enumerable.Range(0, 20).Select(i => Say.Meter(-1_990 + (i * 100), 100 + i, sequence: i, session: "A")),
            Say.Status(0, PortStatus.Available, pile: "p2"), Say.Position(-10, 43.85, 126.55, 3), Say.Bin(-5, "bin1", 0.7),
        ];
        var (before, after) = (new Town(), new Town());
        before.Tell(messages);
        await after.City.RebuildAsync(new ListStore(messages), TestContext.Current.CancellationToken);

        foreach (var (port, pile) in new[] { (1, "p1"), (2, "p1"), (1, "p2") })
        {
            var (a, b) = (before.Port(port, pile), after.Port(port, pile));
            Assert.True(a.Shows(b), $"{a} | {b}");
        }
        Assert.True(before.Truck().Shows(after.Truck()));
        Assert.Single(after.City.Point("q1", after.Now).Bins);
        before.Pass(500);
        after.Pass(500);
        Assert.Equal(PortStatus.Offline, after.Port().Status);
        Assert.Equal(before.Port().Since, after.Port().Since);
    }

    [Fact]
    public async Task What_was_rebuilt_and_comes_again_from_the_journal_changes_nothing()
    {
        TelemetryMessage[] messages =
            [Say.Status(-20, PortStatus.Charging), Say.Meter(-10, 100), Say.Fault(-5, FaultEvent.Raised, 201)];
        var town = new Town();
        await town.City.RebuildAsync(new ListStore(messages), TestContext.Current.CancellationToken);
        var version = town.City.Changes.Current;
        town.Tell(messages);
        town.City.Refresh();

        Assert.Equal(version, town.City.Changes.Current);
    }
}
