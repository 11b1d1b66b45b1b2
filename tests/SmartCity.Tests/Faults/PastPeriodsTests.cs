using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Tests.Charging;
using MeterRecord = SmartCity.Domain.Telemetry.MeterRecord;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Tests.Faults;

/// <summary>Whatever period is asked about, its faults are those of the whole time that overlap it.</summary>
public sealed class PastPeriodsTests
{
    private const int Hour = 3_600;
    private const int Days = 6;
    private const int Until = Days * 24 * Hour;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_period_that_is_over_has_the_faults_of_the_whole_time_that_overlap_it(int seed)
    {
        var random = new Random(seed);
        await using var world = await ChargingApiWorld.OpenAsync(
            ChargingApiWorld.Pile("A") with { ReportInterval = TimeSpan.FromMinutes(10) });
        await TellAsync(world, random);
        world.Now = Until;
        var whole = await ListAsync(world, 0, Until);
        Assert.True(whole.DistinctBy(f => f.Code).Count() > 2 && whole.Count > 10, $"seed {seed}: {whole.Count} faults are too few");
        for (var i = 0; i < 12; i++)
        {
            var from = random.Next(Until - Hour);
            var until = Math.Min(Until, from + 60 + random.Next(36 * Hour));
            var expected = whole.FindAll(f =>
                f.RaisedTime < At(until) && (f.ClearedTime is null || f.ClearedTime > At(from) || f.RaisedTime >= At(from)));
            Assert.Equal(
                expected.Select(f => $"{f.FaultId} {f.ClearedTime}"),
                (await ListAsync(world, from, until)).Select(f => $"{f.FaultId} {f.ClearedTime}"));
            var total = (await world.Statistics.AnswerAsync(
                new GetFaultStatisticsRequest { Period = Period(from, until), IncludeDerived = true }, Cancellation)).Total;
            var cleared = whole.FindAll(f => !f.Transient && f.ClearedTime is { } at && at >= At(from) && at < At(until));
            Assert.Equal(
                (whole.Count(f => !f.Transient && f.RaisedTime >= At(from) && f.RaisedTime < At(until)), cleared.Count),
                (total.Raised, total.Cleared));
            Assert.Equal(cleared.Sum(f => f.DurationSeconds), total.RepairSeconds, 6);
        }
    }

    /// <summary>Two ports measure what is surely hot, cold, too much or none of it, for a while each; some of the time nothing is measured,
    /// some of it nothing is heard, and once a day a port flaps.</summary>
    private static async Task TellAsync(ChargingApiWorld world, Random random)
    {
        var records = new List<MeterRecord>();
        var story = new PileStory(id: "A");
        for (var second = 0; second < Until;)
        {
            var end = Math.Min(Until, second + 300 + random.Next(random.Next(6) == 0 ? 40 * Hour : 4 * Hour));
            var (what, port) = (random.Next(7), random.Next(1, 3));
            if (what == 1)
            {
                for (var change = 0; change < 8; change++)
                {
                    story.Status(second + (change * 30), port, change % 2 == 0 ? PortStatus.Available : PortStatus.Plugged);
                }
            }
            for (; second < end; second += 240 + random.Next(240))
            {
                if (what > 1)
                {
                    records.Add(Sample(second, port, records.Count, what));
                }
                else if (what == 1)
                {
                    story.Status(second + 250, 2, PortStatus.Available); // It is heard.
                }
            }
        }
        await world.StoreAsync(story);
        await world.StoreAsync([.. records.Select(record => ChargingApiWorld.MessageOf("A", Channel.Meter, record))]);
    }

    private static MeterRecord Sample(int second, int port, int sequence, int what) => new(
        new Stamp("A", PileStory.At(second), PileStory.At(second), PileStory.Start, sequence, 0, 0), port, null, null, null,
        what == 2 ? 1_200 : 100, null, null, what == 3 ? 75 : 5, what == 4 ? -15 : 0, null);

    private static async Task<List<Fault>> ListAsync(ChargingApiWorld world, int from, int until) =>
        [.. (await world.Faults.AnswerAsync(
            new ListFaultsRequest { Period = Period(from, until), IncludeTransients = true, PageSize = 10_000 }, Cancellation)).Faults];

    private static Period Period(int from, int until) => new() { From = At(from), Until = At(until) };

    private static Google.Protobuf.WellKnownTypes.Timestamp At(int second) => PileStory.At(second).ToTimestamp();
}
