using System.Text.Json;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Live;

namespace SmartCity.Tests.Live;

public sealed class StateTopicsTests : IAsyncDisposable
{
    private readonly Town town = new();
    private readonly IAsyncEnumerator<StateChange> changes;

    public StateTopicsTests() => changes = new StateTopics(town.City, town.Clock)
        .ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_device_is_told_once_and_then_when_it_changes()
    {
        town.Tell(Say.Status(0, PortStatus.Charging), Say.Meter(0, 150, session: "A"), Say.Position(0, 43.85, 126.55, 0));
        await RebuildAsync();

        var first = await TakeAsync(5);
        town.Tell(Say.Status(0, PortStatus.Available, sequence: 1));
        var next = NextAsync();
        town.Pass(1);

        Assert.Equal(
            [
                "smartcity/v1/state/220204/pile/p1", "smartcity/v1/state/220204/pile/p2", "smartcity/v1/state/220204/point/q1",
                "smartcity/v1/state/220204/point/q2", "smartcity/v1/state/220204/truck/t1",
            ],
            first.Select(change => change.Topic).Order(StringComparer.Ordinal));
        var port = Json(first.Single(change => change.Topic.EndsWith("p1", StringComparison.Ordinal))).GetProperty("ports")[0];
        Assert.Equal("CHARGING", port.GetProperty("status").GetString());
        Assert.Equal(150, port.GetProperty("powerW").GetDouble());
        Assert.Equal("A", port.GetProperty("sessionId").GetString());
        var changed = await next;
        Assert.Equal("smartcity/v1/state/220204/pile/p1", changed.Topic);
        Assert.Equal("AVAILABLE", Json(changed).GetProperty("ports")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Many_changes_within_a_second_are_told_as_one()
    {
        await RebuildAsync();
        await TakeAsync(5);
        for (var i = 0; i < 100; i++)
        {
            town.Tell(Say.Meter(0, i, sequence: i));
            town.City.Refresh();
        }
        var next = NextAsync();
        town.Pass(1);
        var first = await next;
        var second = NextAsync();
        town.Pass(1);

        Assert.Equal(99, Json(first).GetProperty("ports")[0].GetProperty("powerW").GetDouble());
        Assert.False(second.IsCompleted);
        town.Tell(Say.Status(2, PortStatus.Reserved, sequence: 1_000));
        town.Pass(1);
        Assert.Equal("RESERVED", Json(await second).GetProperty("ports")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_was_retained_of_a_retired_device_is_removed()
    {
        await RebuildAsync();
        await TakeAsync(5);
        town.Registry = Town.Assets(piles: 1);
        var rest = TakeAsync(5);
        town.Pass(1);

        var removed = Assert.Single(await rest, change => change.Payload.Length == 0);
        Assert.Equal("smartcity/v1/state/220204/pile/p2", removed.Topic);
    }

    private async Task RebuildAsync() => await town.City.RebuildAsync(new ListStore([]), TestContext.Current.CancellationToken);

    private async Task<StateChange> NextAsync()
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(
            TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        return changes.Current;
    }

    private async Task<List<StateChange>> TakeAsync(int count)
    {
        var taken = new List<StateChange>();
        while (taken.Count < count)
        {
            taken.Add(await NextAsync());
        }
        return taken;
    }

    private static JsonElement Json(StateChange change) => JsonDocument.Parse(change.Payload).RootElement;
}
