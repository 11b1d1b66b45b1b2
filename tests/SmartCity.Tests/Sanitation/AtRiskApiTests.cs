using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Sanitation;

/// <summary>ListAtRisk over a real store and registry.</summary>
public sealed class AtRiskApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Five stops, of which three are served from 07:30 on, one every ten minutes.</summary>
    private static async Task<SanitationApiWorld> HalfServedAsync(string now)
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Window("NOON", "11:00", "14:00").Truck("T1");
        for (var i = 1; i <= 5; i++)
        {
            town.Point($"P{i}", i * 100, "MORNING NOON", sequence: i);
        }
        var world = await SanitationApiWorld.OpenAsync(town, now);
        await world.StoreAsync(town.Log("T1").Stay("07:30:00", "07:32:00", 100).Stay("07:40:00", "07:42:00", 200)
            .Stay("07:50:00", "07:52:00", 300));
        return world;
    }

    [Fact]
    public async Task It_tells_what_is_expected_when_and_why_and_how_good_the_data_is()
    {
        await using var world = await HalfServedAsync("2026-11-23 07:53:00");
        var answer = await world.AtRisk.AnswerAsync(new ListAtRiskRequest(), Stop);
        var row = Assert.Single(answer.Obligations);
        Assert.Equal(("P5/2026-11-23/MORNING", Verdict.Pending), (row.Obligation.ObligationId, row.Obligation.Verdict));
        var outlook = row.Outlook;
        Assert.Equal((CollectionRisk.Tight, RiskCause.Behind, EtaMethod.Progress), (outlook.Risk, outlook.Cause, outlook.Method));
        Assert.Equal(Town.At("08:10:00").ToTimestamp(), outlook.Eta);
        // To 08:15 and, in the middle to NOON, 09:37:30: from 08:10 and from now.
        Assert.Equal((300, 5250, 1320, 6270), (
            outlook.MarginOnTimeS, outlook.MarginCutoffS, outlook.LeftOnTimeS, outlook.LeftCutoffS));
        var truck = Assert.Single(outlook.Trucks);
        Assert.Equal(("T1", true, false, 3), (truck.TruckId, truck.Planned, truck.Silent, truck.StopsServed));
        Assert.Equal((2, 1, 7, false), (
            answer.Open, answer.Quality.Devices, answer.Quality.BacklogMessages, answer.Quality.HasCompleteness));
    }

    [Fact]
    public async Task A_scope_leaves_out_points_but_not_the_stops_before_them()
    {
        await using var world = await HalfServedAsync("2026-11-23 07:53:00");
        var answer = await world.AtRisk.AnswerAsync(
            new ListAtRiskRequest { Scope = new Scope { PointIds = { "P5" } }, IncludeOnTrack = true }, Stop);
        Assert.Equal(Town.At("08:10:00").ToTimestamp(), Assert.Single(answer.Obligations).Outlook.Eta);
    }

    [Fact]
    public async Task As_of_answers_with_what_was_known_then()
    {
        await using var world = await HalfServedAsync("2026-11-24 12:00:00");
        var request = new ListAtRiskRequest { AsOf = Town.At("07:53:00").ToTimestamp(), IncludeOnTrack = true };
        var answer = await world.AtRisk.AnswerAsync(request, Stop);
        Assert.Equal(["P4", "P5"], answer.Obligations.Select(r => r.Obligation.PointId).Order());
        request.WindowKeys.Add("NOON");
        Assert.Empty((await world.AtRisk.AnswerAsync(request, Stop)).Obligations);
        request.HorizonS = 7_619; // NOON may be served from 10:00 on.
        Assert.Empty((await world.AtRisk.AnswerAsync(request, Stop)).Obligations);
        request.HorizonS = 7_620;
        Assert.Equal(5, (await world.AtRisk.AnswerAsync(request, Stop)).Obligations.Count);
    }

    [Fact]
    public async Task Pages_hold_together_and_nonsense_is_refused()
    {
        await using var world = await HalfServedAsync("2026-11-23 07:53:00");
        var request = new ListAtRiskRequest { IncludeOnTrack = true, PageSize = 1 };
        var first = await world.AtRisk.AnswerAsync(request, Stop);
        world.MoveTo("2026-11-23 09:00:00");
        request.PageToken = first.NextPageToken;
        var second = await world.AtRisk.AnswerAsync(request, Stop);
        Assert.Equal(["P5", "P4"], new[] { first, second }.Select(a => Assert.Single(a.Obligations).Obligation.PointId));
        Assert.Equal((first.Quality.AsOf, ""), (second.Quality.AsOf, second.NextPageToken));
        foreach (var horizon in new[] { -1, 59, 14_401 })
        {
            await Assert.ThrowsAsync<InvalidQueryException>(
                () => world.AtRisk.AnswerAsync(new ListAtRiskRequest { HorizonS = horizon }, Stop));
        }
        await Assert.ThrowsAsync<InvalidQueryException>(
            () => world.AtRisk.AnswerAsync(new ListAtRiskRequest { WindowKeys = { "FOO" } }, Stop));
        await Assert.ThrowsAsync<InvalidQueryException>(
            () => world.AtRisk.AnswerAsync(new ListAtRiskRequest { Scope = new Scope { TruckIds = { "T1" } } }, Stop));
    }
}
