using CsCheck;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

// What a store may look for in fewer places than everywhere, it finds as if it had looked everywhere.
public abstract partial class TelemetryStoreContract
{
    private const int Hour = 3_600;
    private static readonly int[] Hours = [0, 1, 5, 7, 23, 24, 25, 47, 160, 170, 600, 9_000];

    private static readonly Gen<Instant> Moments = Gen.Select(Gen.OneOf([.. Hours.Select(h => Gen.Const(h))]), Gen.Int[-2, 2])
        .Select((hours, seconds) => At((hours * Hour) + seconds));

    private static readonly Gen<Instant> Known = Gen.OneOf(Moments, Gen.Const(Instant.Max));

    [Fact]
    public async Task Whole_sessions_are_those_of_the_plain_definition_however_far_apart_their_records_lie() =>
        await Gen.Select(Gen.Int[1, 2], Gen.Int[0, 4], Moments, Gen.Int[0, 3], Gen.Bool).Array[1, 30]
            .Select(Moments, Moments, Moments, Known)
            .SampleAsync(
                async (said, one, other, sessionsUntil, known) =>
                {
                    using var directory = new TempDirectory();
                    var (from, until) = (Instant.Earlier(one, other), Instant.Later(one, other));
                    var query = Piles with { From = from, Until = until, SessionsUntil = sessionsUntil, KnownAt = known };
                    var samples = new List<EnergySample>();
                    var steps = new List<SessionRecord>();
                    await using var store = await AppendAsync(directory, said, (i, record) =>
                    {
                        var (pile, session, at, late, isSample) = record;
                        var stamp = Stamp($"p{pile}", at, i, received: at + TimeSpan.FromHours(late));
                        var meter = Meter(stamp, session: session == 0 ? null : $"s{session}");
                        samples.AddRange(isSample ? [new EnergySample(stamp, 1, meter.SessionId, meter.SessionEnergyWh!.Value)] : []);
                        var step = new SessionRecord(
                            stamp, 1, $"s{session}", SessionEvent.Started, null, null, null, null, StopReason.Unknown, null);
                        steps.AddRange(isSample ? [] : [step]);
                        return isSample
                            ? Message(DeviceKind.Pile, Channel.Meter, meter)
                            : Message(DeviceKind.Pile, Channel.Session, step);
                    });
                    samples.RemoveAll(s => s.Stamp.Received > known);
                    steps.RemoveAll(s => s.Stamp.Received > known);
                    var stepsUntil = Instant.Later(until, sessionsUntil);
                    var whole = samples.Where(s => IsIn(s.Stamp, until)).Select(s => (s.Stamp.Device, s.SessionId))
                        .Concat(steps.Where(s => IsIn(s.Stamp, stepsUntil)).Select(s => (s.Stamp.Device, (string?)s.SessionId)))
                        .Where(s => s.Item2 is not null).ToHashSet();

                    Assert.Equal(
                        samples.Where(s => IsIn(s.Stamp, until) || whole.Contains((s.Stamp.Device, s.SessionId))).Select(s => s.Stamp)
                            .Order(Ordered),
                        (await AllAsync(store.ReadAsync<EnergySample>(query, Token))).Select(s => s.Stamp));
                    Assert.Equal(
                        steps.Where(s => IsIn(s.Stamp, until) || whole.Contains((s.Stamp.Device, s.SessionId))).Select(s => s.Stamp)
                            .Order(Ordered),
                        (await AllAsync(store.ReadAsync<SessionRecord>(query, Token))).Select(s => s.Stamp));

                    bool IsIn(Stamp stamp, Instant end) => stamp.Time >= from && stamp.Time < end;
                },
                iter: 30);

    [Fact]
    public async Task Last_statuses_are_those_of_the_plain_definition_however_long_ago_they_were() =>
        await Gen.Select(Gen.Int[1, 2], Gen.Int[0, 2], Moments, Gen.Int[0, 3]).Array[1, 25].Select(Moments, Known)
            .SampleAsync(
                async (said, moment, known) =>
                {
                    using var directory = new TempDirectory();
                    var records = new List<StatusRecord>();
                    await using var store = await AppendAsync(directory, said, (i, one) =>
                    {
                        var (pile, port, at, late) = one;
                        var stamp = Stamp($"p{pile}", at, i, received: at + TimeSpan.FromHours(late));
                        records.Add(new StatusRecord(stamp, port, PortStatus.Available, $"{i}", null));
                        return Message(DeviceKind.Pile, Channel.Status, records[^1]);
                    });
                    var expected = records.Where(r => r.Stamp.Time < moment && r.Stamp.Received <= known)
                        .GroupBy(r => (r.Stamp.Device, r.Port)).OrderBy(port => port.Key.Device).ThenBy(port => port.Key.Port)
                        .Select(port => port.MaxBy(r => r.Stamp, Ordered).SessionId);
                    var query = Piles with { From = moment, KnownAt = known };
                    var found = await AllAsync(store.ReadLastBeforeAsync<StatusRecord>(query, Token));
                    Assert.Equal(expected, found.Select(r => r.SessionId));
                },
                iter: 40);

    private static Comparer<Stamp> Ordered => Comparer<Stamp>.Create((a, b) =>
        string.CompareOrdinal(a.Device, b.Device) is not 0 and var order ? order : Domain.Telemetry.Stamp.Compare(a, b));

    // The first half before the store is opened again, the second after it.
    private async Task<ITelemetryStore> AppendAsync<T>(TempDirectory directory, T[] said, Func<int, T, TelemetryMessage> messageOf)
    {
        var messages = said.Select((one, i) => messageOf(i, one)).ToList();
        await using (var first = Make(directory))
        {
            await first.OpenAsync(Token);
            await first.AppendAsync(new TelemetryBatch(messages[..(messages.Count / 2)], 1), Token);
        }
        var second = Make(directory);
        await second.OpenAsync(Token);
        foreach (var message in messages[(messages.Count / 2)..])
        {
            await second.AppendAsync(new TelemetryBatch([message], 2), Token);
        }
        return second;
    }
}
