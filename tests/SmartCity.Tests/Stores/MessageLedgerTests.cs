using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

public sealed class MessageLedgerTests : IAsyncLifetime
{
    private const MessageFate New = MessageFate.New, Duplicate = MessageFate.Duplicate, Conflict = MessageFate.Conflict;

    private readonly TempDirectory _directory = new();
    private DuckDbTelemetryStore _store = null!;
    private MessageLedger _ledger = null!;
    private long _position;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new DuckDbTelemetryStore(_directory.File("t"), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
        await _store.OpenAsync(Token);
        await RestartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resends_are_duplicates_and_other_content_is_a_conflict(bool restarted)
    {
        Assert.Equal([New, New], await StoreAsync(Meters("b", 1, 10), Meters("b", 2, 20)));
        if (restarted)
        {
            await RestartAsync();
        }
        Assert.Equal([Duplicate, Conflict, New, New], await StoreAsync(Meters("b", 1, 10), Meters("b", 2, 21),
            Meters("b", 3, 30), Meters("c", 1, 10)));
        if (restarted)
        {
            await RestartAsync();
        }
        Assert.Equal([Duplicate, Duplicate, Conflict], await StoreAsync(Meters("b", 2, 21), Meters("b", 2, 20),
            Meters("b", 2, 22)));
    }

    [Fact]
    public async Task Messages_of_one_batch_are_judged_together()
    {
        Assert.Equal(
            [New, Duplicate, Conflict, Duplicate, New, Duplicate],
            await StoreAsync(Meters("b", 1, 10), Meters("b", 1, 10), Meters("b", 1, 11), Meters("b", 1, 11),
                Meters("", null, 5), Meters("", null, 5)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_without_numbers_are_known_by_their_content(bool restarted)
    {
        await StoreAsync(Meters("", null, ulong.MaxValue));
        if (restarted)
        {
            await RestartAsync();
        }
        Assert.Equal([Duplicate, New], await StoreAsync(Meters("", null, ulong.MaxValue), Meters("", null, 6)));
    }

    [Fact]
    public async Task What_was_judged_and_not_stored_is_still_new()
    {
        Assert.Equal([New], await _ledger.JudgeAsync([Meters("b", 1, 10)], Token));
        Assert.Equal([New], await _ledger.JudgeAsync([Meters("b", 1, 10)], Token));
    }

    [Fact]
    public async Task A_will_is_always_new()
    {
        var will = Message(DeviceKind.Pile, Channel.Conn, "", null, 7, new ConnRecord(Stamp("p", Noon, 1), false, true, null,
            null, null));
        Assert.Equal([New, New], await StoreAsync(will, will));
        Assert.Equal([New], await StoreAsync(will));
    }

    [Theory]
    [InlineData(StampFlags.None, 0)]
    [InlineData(StampFlags.ClockRefused, 3_600)]
    public async Task A_replayed_record_is_new_unless_that_record_is_stored(StampFlags flags, int laterSeconds)
    {
        var first = Meter(Stamp("p", At(0), 1, 0, flags: flags), 1);
        var third = Meter(Stamp("p", At(0), 1, 2, flags: flags), 3);
        await StoreAsync(Message(DeviceKind.Pile, Channel.Meter, "b", 1, 10, first, third));
        var again = At(laterSeconds); // A refused clock dates a record by its arrival.
        var replayedThird = Replayed(third with { Stamp = third.Stamp with { Time = again } }, 2);
        var second = Replayed(Meter(Stamp("p", again, 1, 1, flags: flags), 2), 1);
        Assert.Equal([Duplicate, New, Duplicate], await StoreAsync(replayedThird, second, second));
        await RestartAsync();
        Assert.Equal([Duplicate, Duplicate], await StoreAsync(second, Message(DeviceKind.Pile, Channel.Meter, "b", 1, 10, first,
            third)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_replayed_beside_a_resend_of_its_message_is_stored_once(bool resendFirst)
    {
        var (first, second) = (Meter(Stamp("p", At(0), 1, 0), 1), Meter(Stamp("p", At(0), 1, 1), 1));
        TelemetryMessage whole = Message(DeviceKind.Pile, Channel.Meter, "b", 1, 10, first, second);
        TelemetryMessage replayed = Replayed(second, 1);
        TelemetryMessage absent = Replayed(Meter(Stamp("p", At(0), 1, 2), 1), 2);
        Assert.Equal(
            resendFirst ? [New, Duplicate, New] : [Duplicate, New, New],
            await StoreAsync(resendFirst ? [whole, replayed, absent] : [replayed, whole, absent]));
    }

    [Fact]
    public async Task The_first_received_time_of_a_power_up_is_kept()
    {
        Assert.Equal(At(5), _ledger.BootReceived(DeviceKind.Pile, "p", "b", At(5)));
        Assert.Equal(At(5), _ledger.BootReceived(DeviceKind.Pile, "p", "b", At(9)));
        Assert.Equal(default, _ledger.BootReceived(DeviceKind.Pile, "p", "", At(9)));
        await StoreAsync(Message(DeviceKind.Pile, Channel.Meter, "b", 1, 1,
            Meter(Stamp("p", At(0), 1, received: At(8), boot: At(5)))));
        await RestartAsync();
        Assert.Equal(At(5), _ledger.BootReceived(DeviceKind.Pile, "p", "b", At(99)));
        Assert.Equal(At(99), _ledger.BootReceived(DeviceKind.Truck, "p", "b", At(99)));
    }

    [Fact]
    public async Task Past_its_bounds_the_ledger_is_as_exact()
    {
        await RestartAsync(new MessageLedgerBounds(Boots: 2, Ranges: 2, Recent: 3));
        var seen = new Dictionary<(string, long), HashSet<ulong>>();
        foreach (var i in Enumerable.Range(0, 60))
        {
            // Three power-ups, numbers with holes, some twice, some with other content.
            var (boot, sequence, hash) = ($"b{i % 3}", (long)(i * 7 % 20 * 2), (ulong)(i / 40));
            var known = seen.TryGetValue((boot, sequence), out var hashes) ? hashes : seen[(boot, sequence)] = [];
            var expected = known.Contains(hash) ? Duplicate : known.Count > 0 ? Conflict : New;
            Assert.Equal([expected], await StoreAsync(Meters(boot, sequence, hash)));
            known.Add(hash);
        }
    }

    [Fact]
    public void Ranges_hold_what_a_set_holds() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 4]).Array[0, 40].Sample(adds =>
        {
            var (ranges, set) = (new SequenceRanges(), new HashSet<long>());
            foreach (var (first, more) in adds)
            {
                ranges.Add(first, first + more);
                set.UnionWith(Enumerable.Range(first, more + 1).Select(n => (long)n));
            }
            var islands = set.Count(n => !set.Contains(n - 1));
            return ranges.Count == islands && Enumerable.Range(-1, 50).All(n => ranges.Contains(n) == set.Contains(n));
        });

    private static TelemetryMessage<MeterRecord> Meters(string boot, long? sequence, ulong hash) =>
        Message(DeviceKind.Pile, Channel.Meter, boot, sequence, hash, Meter(Stamp("p", Noon, sequence ?? (long)hash)));

    private static TelemetryMessage<MeterRecord> Replayed(MeterRecord record, int index) =>
        Message(DeviceKind.Pile, Channel.Meter, "b", 1, 10, record) with { OnlyRecord = index };

    private async Task RestartAsync(MessageLedgerBounds? bounds = null)
    {
        _ledger = new MessageLedger(_store, bounds);
        await _ledger.LoadAsync(Token);
    }

    // As the store writer does: judge, append what is not a duplicate, commit.
    private async Task<IReadOnlyList<MessageFate>> StoreAsync(params TelemetryMessage[] messages)
    {
        var fates = await _ledger.JudgeAsync(messages, Token);
        var kept = messages.Where((_, i) => fates[i] != Duplicate).ToArray();
        _position += messages.Length;
        await _store.AppendAsync(new TelemetryBatch(kept, _position), Token);
        _ledger.Commit(kept);
        return fates;
    }
}
