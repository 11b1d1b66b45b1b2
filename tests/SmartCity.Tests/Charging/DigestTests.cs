using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Telemetry;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;
using ConnRecord = SmartCity.Domain.Telemetry.ConnRecord;
using StatusRecord = SmartCity.Domain.Telemetry.StatusRecord;

namespace SmartCity.Tests.Charging;

/// <summary>Answers made with digests are the same as answers made from records, whatever came when.</summary>
public sealed class DigestTests
{
    private const int Hour = 3600;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_digest_is_used_until_a_late_record_makes_it_wrong_and_is_made_again()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Charging), 0, 10 * Hour);
        world.Now = 10 * Hour;
        Assert.Equal(1, await world.Digester.DigestAsync(Cancellation));
        Assert.Equal(0, await world.Digester.DigestAsync(Cancellation));
        Assert.Equal(PileStory.At(9.75 * Hour), await MarkAsync(world));

        var late = new StatusRecord(Stamp(4 * Hour, 10 * Hour, 77), 1, PortStatus.Available, null, null);
        await world.StoreAsync(ChargingApiWorld.MessageOf("A", Channel.Status, late));
        Assert.Equal(PileStory.At(3.75 * Hour), await MarkAsync(world));
        await CompareAsync(world, 0, 10 * Hour, null);
        // While old records come in nothing is digested: they announce more of their kind.
        Assert.Equal(0, await world.Digester.DigestAsync(Cancellation));
        Assert.Equal(1, await world.Digester.DigestAsync(Cancellation));
        Assert.Equal(PileStory.At(9.75 * Hour), await MarkAsync(world));
        await CompareAsync(world, 0, 10 * Hour, null);
    }

    [Fact]
    public async Task A_record_that_comes_while_digests_are_made_shortens_them()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Charging), 0, 10 * Hour);
        world.Now = 10 * Hour;
        await world.Digester.DigestAsync(Cancellation);
        var (mark, digest) = (await world.Store.Digests.ReadAsync(
            ["A"], PileStory.At(0), PileStory.At(10 * Hour), Domain.Charging.ChargingRules.Default, Cancellation))["A"];
        var begun = await world.Store.Digests.BeginAsync(Cancellation);
        await world.StoreAsync(ChargingApiWorld.MessageOf(
            "A", Channel.Status, new StatusRecord(Stamp(4 * Hour, 10 * Hour, 77), 1, PortStatus.Available, null, null)));
        await world.Store.Digests.WriteAsync(
            begun, [new(digest, mark with { Until = digest.Until }, TimeSpan.FromSeconds(180))],
            Domain.Charging.ChargingRules.Default, Cancellation);
        Assert.Equal(PileStory.At(3.75 * Hour), await MarkAsync(world));
        await CompareAsync(world, 0, 10 * Hour, null);
    }

    [Fact]
    public async Task A_digest_of_a_round_that_ended_or_that_goes_on_from_nothing_is_not_kept()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Charging), 0, 10 * Hour);
        world.Now = 10 * Hour;
        await world.Digester.DigestAsync(Cancellation);
        var rules = Domain.Charging.ChargingRules.Default;
        var (mark, digest) = (await world.Store.Digests.ReadAsync(
            ["A"], PileStory.At(9 * Hour), PileStory.At(10 * Hour), rules, Cancellation))["A"];
        var ended = await world.Store.Digests.BeginAsync(Cancellation);
        var run = await world.Store.Digests.BeginAsync(Cancellation);
        await world.StoreAsync(ChargingApiWorld.MessageOf(
            "A", Channel.Status, new StatusRecord(Stamp(4 * Hour, 10 * Hour, 77), 1, PortStatus.Available, null, null)));
        MarkedDigest[] digests = [new(digest, mark, TimeSpan.FromSeconds(180))];
        await world.Store.Digests.WriteAsync(ended, digests, rules, Cancellation);
        await world.Store.Digests.WriteAsync(run, digests, rules, Cancellation);
        run = await world.Store.Digests.BeginAsync(Cancellation);
        await world.Store.Digests.WriteAsync(run, digests, rules, Cancellation);
        Assert.Equal(PileStory.At(3.75 * Hour), await MarkAsync(world));
        await CompareAsync(world, 0, 10 * Hour, null);
    }

    [Fact]
    public async Task Word_that_a_pile_is_gone_ends_its_digest_where_the_word_came_not_where_its_connection_began()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Charging), 0, 10 * Hour);
        world.Now = 10 * Hour;
        await world.Digester.DigestAsync(Cancellation);
        var gone = new ConnRecord(Stamp(0, 10 * Hour, 77), false, true, null, null, null);
        await world.StoreAsync(ChargingApiWorld.MessageOf("A", Channel.Conn, gone));
        Assert.Equal(PileStory.At(9.75 * Hour), await MarkAsync(world));
    }

    [Fact]
    public async Task A_pile_is_digested_up_to_the_first_sample_without_a_session_and_then_left_alone()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(
            new PileStory(id: "A").Status(0, 1, PortStatus.Charging).Sample(3600, "S", 5).Sample(5 * Hour, null, 5), 0, 10 * Hour);
        world.Now = 10 * Hour;
        await world.Digester.DigestAsync(Cancellation);
        Assert.Equal(PileStory.At(5 * Hour), await MarkAsync(world));
        await CompareAsync(world, 0, 10 * Hour, null);
        Assert.Equal(1, await world.Digester.DigestAsync(Cancellation));
        Assert.Equal(0, await world.Digester.DigestAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Answers_with_digests_are_the_same_as_from_records(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        await using var world = await ChargingApiWorld.OpenAsync(
            ChargingApiWorld.Pile("A"), ChargingApiWorld.Pile("B", "C1", 3, random.Next(2) * 50 * Hour),
            ChargingApiWorld.Pile("AB", "C2")); // Between those of the other compound.
        var now = 0;
        var waiting = LongStory.Of(random);
        for (var stored = 0; stored < waiting.Count;)
        {
            now += random.Next(8 * Hour);
            var come = waiting.Skip(stored).TakeWhile(delivery => delivery.At < now).Select(delivery => delivery.Message).ToList();
            stored += come.Count;
            await world.StoreAsync(come);
            world.Now = now;
            await world.Digester.DigestAsync(Cancellation);
            await world.Digester.DigestAsync(Cancellation);
            if (random.Next(6) == 0)
            {
                // What is remembered of days now is to be forgotten when late records come.
                await CompareDaysAsync(world, random, 0, LongStory.Seconds, null);
            }
        }
        world.Now = Math.Max(now, LongStory.Seconds + (4 * 24 * Hour));
        for (var i = 0; i < 6; i++)
        {
            var from = random.Next(LongStory.Seconds);
            var until = from + 1 + random.Next(LongStory.Seconds - from);
            int? asOf = random.Next(3) == 0 ? random.Next(LongStory.Seconds) : null;
            await CompareAsync(world, i == 0 ? 0 : from, i == 0 ? LongStory.Seconds : until, asOf);
            await CompareDaysAsync(world, random, from, until, asOf);
            await world.Digester.DigestAsync(Cancellation);
        }
    }

    public static TheoryData<int> Seeds()
    {
        var first = Environment.GetEnvironmentVariable("SMARTCITY_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Environment.TickCount & 0xFFFFF;
        var count = Environment.GetEnvironmentVariable("SMARTCITY_HISTORIES") is { } more
            ? int.Parse(more, System.Globalization.CultureInfo.InvariantCulture)
            : 6;
        return [.. Enumerable.Range(first, count)];
    }

    private static async Task CompareAsync(ChargingApiWorld world, int from, int until, int? asOf)
    {
        var period = new Period { From = Time(from), Until = Time(until), TimeZone = "Asia/Kolkata" };
        var known = asOf is { } at ? Time(at) : null;
        var question = new GetUtilizationRequest
        {
            Period = period, AsOf = known, GroupBy = GroupBy.Port, Bucket = Bucket.Hour, PageSize = 10_000,
        };
        Assert.Equal(
            await world.UtilizationFromRecords.AnswerAsync(question, Cancellation),
            await world.Utilization.AnswerAsync(question, Cancellation));
        question.GroupBy = GroupBy.Compound;
        Assert.Equal(
            await world.UtilizationFromRecords.AnswerAsync(question, Cancellation),
            await world.Utilization.AnswerAsync(question, Cancellation));
        var sessions = new ListSessionsRequest { Period = period, AsOf = known, PageSize = 10_000 };
        Assert.Equal(
            await world.SessionsFromRecords.AnswerAsync(sessions, Cancellation),
            await world.Sessions.AnswerAsync(sessions, Cancellation));
        var overstays = new ListOverstaysRequest { Period = period, AsOf = known, ThresholdS = 0, PageSize = 10_000 };
        Assert.Equal(
            await world.OverstaysFromRecords.AnswerAsync(overstays, Cancellation),
            await world.Overstays.AnswerAsync(overstays, Cancellation));
        var capacity = new GetCapacityAdviceRequest { Period = period, AsOf = known };
        Assert.Equal(
            await world.CapacityFromRecords.AnswerAsync(capacity, Cancellation),
            await world.Capacity.AnswerAsync(capacity, Cancellation));
    }

    private static async Task CompareDaysAsync(ChargingApiWorld world, Random random, int from, int until, int? asOf)
    {
        GroupBy[] groupings = [GroupBy.Unspecified, GroupBy.Port, GroupBy.Pile, GroupBy.Compound];
        Bucket[] buckets = [Bucket.Unspecified, Bucket.Day, Bucket.Week, Bucket.Month, Bucket.DayOfWeek, Bucket.HourOfDay];
        var question = new GetUtilizationRequest
        {
            Period = new Period
            {
                From = Time(from), Until = Time(until), TimeZone = random.Next(2) == 0 ? "Asia/Kolkata" : "Asia/Shanghai",
            },
            AsOf = asOf is { } at ? Time(at) : null,
            GroupBy = groupings[random.Next(groupings.Length)],
            Bucket = buckets[random.Next(buckets.Length)],
            PageSize = 10_000,
        };
        if (random.Next(4) == 0)
        {
            question.Scope = new Scope { PileIds = { "A" } };
        }
        Assert.Equal(
            await world.UtilizationFromRecords.AnswerAsync(question, Cancellation),
            await world.Utilization.AnswerAsync(question, Cancellation));
    }

    private static async Task<Instant> MarkAsync(ChargingApiWorld world) =>
        (await world.Store.Digests.ReadMarksAsync(Cancellation))["A"].Until;

    private static Timestamp Time(int second) => PileStory.At(second).ToDateTimeOffset().ToTimestamp();

    private static Stamp Stamp(int second, int received, long sequence) =>
        new("A", PileStory.At(second), PileStory.At(received), PileStory.Start, sequence, 0, 0);
}
