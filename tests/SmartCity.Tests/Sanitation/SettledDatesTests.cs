using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.Oracle;
using SmartCity.Tests.Oracle.Sanitation;
using SmartCity.Tests.Stores;
using ExceptionKind = SmartCity.Protocol.V1.ExceptionKind;

namespace SmartCity.Tests.Sanitation;

/// <summary>Dates that are long over are remembered, until something about them changes.</summary>
public sealed class SettledDatesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_remembered_is_what_would_be_judged_anew_whatever_comes_late() =>
        await Histories.CheckAsync(10, async seed =>
        {
            var town = TownGenerator.Of(seed, isTiny: true) with { Exceptions = [], Believed = [] };
            var random = new Random(seed);
            var late = StoredMessages.Of(town).ToArray();
            random.Shuffle(late);
            using var directory = new TempDirectory();
            await using var store = new DuckDbTelemetryStore(
                directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
            await store.OpenAsync(Stop);
            using var registered = RegistryStore.Open("", directory.File("registry.db"), TimeProvider.System);
            var decisions = DecisionStore.Open(registered, TimeProvider.System);
            using var remembering = new SanitationLoader(store, new KnownDecisions(decisions));
            var registry = TownFeed.Registry(town.Registry);
            var evaluation = late.Select(m => m.Received).Append(DomainFeed.At(town.Evaluation)).Max() + TimeSpan.FromDays(7);
            for (var stored = 0; stored < late.Length;)
            {
                var part = late.Skip(stored).Take(1 + random.Next(late.Length)).ToList();
                stored += part.Count;
                await store.AppendAsync(new TelemetryBatch(part, stored), Stop);
                for (var again = 0; again < 2; again++)
                {
                    var asked = new AskedDates(
                        new ScopedPoints(registry, AssetScope.City), town.First, town.Last, TimeZoneInfo.Utc, evaluation, "", registry);
                    using var fresh = new SanitationLoader(store, new KnownDecisions(decisions));
                    Difference.None(await TellAsync(fresh, asked), await TellAsync(remembering, asked));
                }
            }
        });

    [Fact]
    public async Task A_decision_about_a_date_that_is_remembered_is_heard()
    {
        var town = new Town().Window("NOON", "11:00", "14:00").Truck("T1").Point("P", 300, "NOON", truck: "T1");
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-12-01 12:00:00");
        await world.StoreAsync(town.Log("T1"));
        var monday = new GetComplianceRequest { Dates = new DateRange { First = "2026-11-23", Last = "2026-11-23" } };
        Assert.Equal(1, (await world.Compliance.AnswerAsync(monday, Stop)).Total.Missed);
        await world.Exceptions.AnswerAsync(
            new DeclareExceptionRequest
            {
                ExceptionId = "x1", Kind = ExceptionKind.Excuse, Reason = "SNOW_EMERGENCY", WholeCity = true,
                FirstDate = "2026-11-23", DeclaredBy = "Li",
            },
            Stop);
        Assert.Equal(1, (await world.Compliance.AnswerAsync(monday, Stop)).Total.Missed);

        world.MoveTo("2026-12-01 13:00:00");
        await world.Exceptions.AnswerAsync(
            new DecideExceptionRequest
            {
                ExceptionId = "x1", Decision = Decision.Approve, DecidedBy = "Wang", AsSupervisor = true, Reason = "it snowed",
            },
            Stop);

        Assert.Equal(1, (await world.Compliance.AnswerAsync(monday, Stop)).Total.Excused);
        monday.AsOf = Town.At("2026-12-01 12:30:00").ToTimestamp();
        Assert.Equal(1, (await world.Compliance.AnswerAsync(monday, Stop)).Total.Missed);
    }

    private static async Task<List<string>> TellAsync(SanitationLoader loader, AskedDates asked)
    {
        var judged = await loader.JudgeAsync(asked, SanitationRules.Default, Stop);
        return [.. judged.Obligations.Select(o => o.ToString()), $"{judged.LatestReceived}"];
    }
}
