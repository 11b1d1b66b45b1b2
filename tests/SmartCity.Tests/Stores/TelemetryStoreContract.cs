using CsCheck;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

/// <summary>What every telemetry store promises.</summary>
public abstract partial class TelemetryStoreContract : IDisposable
{
    /// <summary>All piles, all time.</summary>
    private protected static readonly RecordQuery Piles = new(DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The store of the test's directory, not open.</summary>
    private ITelemetryStore Make() => Make(Directory);

    private protected TempDirectory Directory { get; } = new();

    public void Dispose()
    {
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The store that lives in that directory, not open.</summary>
    private protected abstract ITelemetryStore Make(TempDirectory directory);

    [Fact]
    public async Task A_new_store_begins_at_position_0()
    {
        await using var store = Make();
        Assert.Equal(0, await store.OpenAsync(Token));
        Assert.Equal(default, await store.ReadCountsAsync(Token));
        Assert.Empty(await AllAsync(store.ReadReceiptsAsync(null, Token)));
    }

    [Fact]
    public async Task Rows_position_and_counts_move_together_and_survive_reopening()
    {
        await using (var store = Make())
        {
            await store.OpenAsync(Token);
            var counts = new IngestCounts(0, 0, Duplicates: 3, Dead: 2, DeadRecords: 5, Conflicts: 1, ClockRefusedRecords: 4, Damaged: 1);
            await store.AppendAsync(new TelemetryBatch([MeterMessage("p1", 0, 1), MeterMessage("p1", 60, 2)], 7, counts), Token);
            await store.AppendAsync(new TelemetryBatch([MeterMessage("p1", 120, 3)], 9, counts), Token);
            Assert.Equal(9, await store.CheckpointAsync(Token));
            await store.AppendAsync(new TelemetryBatch([], 10), Token);
        }
        await using var again = Make();
        Assert.Equal(10, await again.OpenAsync(Token));
        Assert.Equal(new IngestCounts(3, 3, 6, 4, 10, 2, 8, 2), await again.ReadCountsAsync(Token));
        Assert.Equal(3, (await AllAsync(again.ReadAsync<MeterRecord>(Piles, Token))).Count);
        await again.AppendAsync(new TelemetryBatch([MeterMessage("p1", 180, 4)], 11), Token);
        Assert.Equal(4, (await AllAsync(again.ReadAsync<MeterRecord>(Piles, Token))).Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task A_number_sent_twice_with_other_content_comes_in_the_order_of_arrival(int first, int second)
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        TelemetryMessage[] both =
        [
            .. Enumerable.Range(0, 2).Select(i => Message(
                DeviceKind.Pile, Channel.Meter, "boot", 1, 7UL + (ulong)i, Meter(Stamp("p1", At(0), 1, received: At(i)), energy: i))),
        ];
        await store.AppendAsync(new TelemetryBatch([both[first]], 1), Token);
        await store.AppendAsync(new TelemetryBatch([both[second] with { IsConflict = true }], 2), Token);
        Assert.Equal([At(0), At(1)], (await AllAsync(store.ReadAsync<MeterRecord>(Piles, Token))).Select(r => r.Stamp.Received));
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_nothing()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        var bad = new TelemetryMessage<EnergySample>(
            DeviceKind.Pile, "p2", Channel.Meter, "boot", 1, 1, Noon, 0, null,
                [new EnergySample(Stamp("p2", Noon, 1), 1, "s", 1)]);
        await Assert.ThrowsAnyAsync<Exception>(() => store.AppendAsync(new TelemetryBatch([MeterMessage("p1", 0, 1), bad], 2),
            Token).AsTask());
        Assert.Equal(0, await store.OpenAsync(Token));
        Assert.Empty(await AllAsync(store.ReadAsync<MeterRecord>(Piles, Token)));
        await store.AppendAsync(new TelemetryBatch([MeterMessage("p1", 0, 1)], 1), Token);
        Assert.Single(await AllAsync(store.ReadAsync<MeterRecord>(Piles, Token)));
    }

    [Fact]
    public async Task Every_type_of_record_comes_back_as_it_was()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        var s = Stamp("d-1", Noon, long.MaxValue, ushort.MaxValue, At(1), At(-5), StampFlags.Buffered | StampFlags.ClockRefused);
        var bare = Stamp("d-1", At(1), -1, 1, At(2), default);
        await RoundTripAsync(store, DeviceKind.Pile, Channel.Status,
            new StatusRecord(s, 0, PortStatus.FinishedPlugged, "s/1", "充满"), new StatusRecord(bare, 64, 0, null, null));
        await RoundTripAsync(store, DeviceKind.Pile, Channel.Meter,
            new MeterRecord(s, 1, "a session id that is longer than twelve bytes", 0.1, double.Epsilon, -0.0, 1.0 / 3, 1e13,
                -60, 200, 0.3),
            new MeterRecord(bare, 2, null, null, null, null, null, null, null, null, null));
        await RoundTripAsync(store, DeviceKind.Pile, Channel.Session,
            new SessionRecord(s, 1, "s", SessionEvent.Settled, At(-9), At(-1), 0.1 + 0.2, 7, StopReason.Abnormal, "x"),
            new SessionRecord(bare, 1, "", SessionEvent.Unknown, null, null, null, null, StopReason.Unknown, null));
        await RoundTripAsync(store, DeviceKind.Pile, Channel.Fault,
            new FaultRecord(s, 3, int.MaxValue, FaultEvent.Cleared, 1.25, "E1", "'; DROP TABLE fault; --"),
            new FaultRecord(bare, 0, -1, FaultEvent.Unknown, null, null, null));
        await RoundTripAsync(store, DeviceKind.Point, Channel.Conn,
            new ConnRecord(s, true, false, "v1", 60.5, 31), new ConnRecord(bare, false, true, null, null, null));
        await RoundTripAsync(store, DeviceKind.Truck, Channel.Position,
            new PositionRecord(s, 43.123456789, 126.987654321, 12.5, 359.9, 3, true), new PositionRecord(bare, -90, 180, null,
                null, null, null),
            new PositionRecord(bare with { Sequence = 4 }, 0, 0, 0, 0, 0, false));
        await RoundTripAsync(store, DeviceKind.Truck, Channel.Evidence,
            new EvidenceRecord(s, EvidenceType.Photo, "pt", "epc", -100, 2, "crew", "ref", 1.5, 2.5),
            new EvidenceRecord(bare, EvidenceType.Unknown, null, null, null, null, null, null, null, null));
        await RoundTripAsync(store, DeviceKind.Point, Channel.Bin,
            new BinRecord(s, "b", 0.75, -20.5, "OPEN"), new BinRecord(bare, null, null, null, null));
    }

    [Fact]
    public async Task Records_come_by_device_and_time_whatever_order_they_arrived_in() =>
        await Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 3]).Array[1, 60].SampleAsync(
            async rows =>
            {
                using var directory = new TempDirectory();
                await using var store = Make(directory);
                await store.OpenAsync(Token);
                var all = rows.Distinct().Select(row => Meter(
                    Stamp($"p{row.Item1}", At(row.Item2), row.Item4, row.Item4, boot: At(-row.Item3)), row.Item3)).ToList();
                await store.AppendAsync(new TelemetryBatch([.. all.Select(m => Message(DeviceKind.Pile, Channel.Meter, m))], 1),
                    Token);
                var (from, until) = (At(1), At(4));
                var expected = all.Where(m => m.Stamp.Time >= from && m.Stamp.Time < until && m.Stamp.Device != "p0")
                    .OrderBy(m => m.Stamp.Device, StringComparer.Ordinal).ThenBy(m => m.Stamp, Comparer<Stamp>.Create((a, b) =>
                        Domain.Telemetry.Stamp.Compare(a, b)))
                    .Select(m => m.Stamp);
                var query = new RecordQuery(DeviceKind.Pile, ["p3", "p1", "p2", "none"], from, until, Instant.Max);
                var found = await AllAsync(store.ReadAsync<MeterRecord>(query, Token));
                Assert.Equal(expected, found.Select(m => m.Stamp));
            },
            iter: 8);

    [Fact]
    public async Task Kinds_do_not_share_devices()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        var pile = Message(DeviceKind.Pile, Channel.Conn, new ConnRecord(Stamp("same", Noon, 1), true, false, "pile", null,
            null));
        var truck = Message(DeviceKind.Truck, Channel.Conn, new ConnRecord(Stamp("same", Noon, 1), true, false, "truck", null,
            null));
        await store.AppendAsync(new TelemetryBatch([pile, truck], 2), Token);
        Assert.Equal("pile", Assert.Single(await AllAsync(store.ReadAsync<ConnRecord>(Piles, Token))).Firmware);
        Assert.Equal("truck",
            Assert.Single(await AllAsync(store.ReadAsync<ConnRecord>(Piles with { Kind = DeviceKind.Truck, Devices = ["same"] },
            Token))).Firmware);
        Assert.Empty(await AllAsync(store.ReadAsync<ConnRecord>(Piles with { Kind = DeviceKind.Point }, Token)));
    }

    [Fact]
    public async Task What_was_received_later_is_not_known()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        var early = Message(DeviceKind.Pile, Channel.Meter, Meter(Stamp("p", At(0), 1, received: At(1))));
        var late = Message(DeviceKind.Pile, Channel.Meter, Meter(Stamp("p", At(0), 2, received: At(100))));
        await store.AppendAsync(new TelemetryBatch([early, late], 2), Token);
        var asOf = Piles with { KnownAt = At(99) };
        Assert.Equal(1, Assert.Single(await AllAsync(store.ReadAsync<MeterRecord>(asOf, Token))).Stamp.Sequence);
        Assert.Equal(2, (await AllAsync(store.ReadAsync<EnergySample>(Piles with { KnownAt = At(100) }, Token))).Count);
        var last = await AllAsync(store.ReadLastBeforeAsync<MeterRecord>(asOf with { From = At(50) }, Token));
        Assert.Equal(1, Assert.Single(last).Stamp.Sequence);
    }

    [Fact]
    public async Task The_last_record_before_a_span_is_found_for_each_device_and_port()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        await store.AppendAsync(
            new TelemetryBatch(
                [
                    MeterMessage("p2", 0, 1), MeterMessage("p1", 5, 2), MeterMessage("p1", 1, 3),
                        MeterMessage("p1", 0, 4, port: 2),
                    MeterMessage("p1", 10, 5), MeterMessage("p1", 5, 6), MeterMessage("p3", 10, 7),
                ],
                7),
            Token);
        var last = await AllAsync(store.ReadLastBeforeAsync<MeterRecord>(Piles with { From = At(10), Until = At(20) }, Token));
        Assert.Equal([("p1", 1, 6L), ("p1", 2, 4L), ("p2", 1, 1L)], last.Select(m => (m.Stamp.Device, m.Port, m.Stamp.Sequence)));
    }

    [Fact]
    public async Task Whole_sessions_bring_their_earlier_records_and_no_others()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        MeterRecord[] records =
        [
            Meter(Stamp("p", At(0), 1), session: "in"), Meter(Stamp("p", At(1), 2), session: "out"), Meter(Stamp("p", At(2), 3),
                session: null),
            Meter(Stamp("p", At(11), 4), session: "in"), Meter(Stamp("p", At(12), 5), session: null),
                Meter(Stamp("p", At(13), 6), energy: null),
            Meter(Stamp("p", At(25), 7), session: "in"), Meter(Stamp("q", At(0), 8), session: "in"),
        ];
        await store.AppendAsync(new TelemetryBatch([.. records.Select(m => Message(DeviceKind.Pile, Channel.Meter, m))], 8),
            Token);
        var query = Piles with { From = At(10), Until = At(20), SessionsUntil = At(20) };
        Assert.Equal([1L, 4, 5, 7], await SequencesAsync(query));
        Assert.Equal([4L, 5], await SequencesAsync(query with { SessionsUntil = null }));

        // The last word on a session is often said long after its last sample.
        var settled = new SessionRecord(
            Stamp("p", At(30), 9), 1, "out", SessionEvent.Settled, null, null, 5, null, StopReason.Unknown, null);
        await store.AppendAsync(new TelemetryBatch([Message(DeviceKind.Pile, Channel.Session, settled)], 9), Token);
        Assert.Equal([1L, 4, 5, 7], await SequencesAsync(query with { SessionsUntil = At(30) }));
        Assert.Equal([1L, 2, 4, 5, 7], await SequencesAsync(query with { SessionsUntil = At(31) }));

        async Task<IEnumerable<long>> SequencesAsync(RecordQuery asked) =>
            (await AllAsync(store.ReadAsync<EnergySample>(asked, Token))).Select(e => e.Stamp.Sequence);
    }

    [Fact]
    public async Task Silences_are_those_of_the_plain_definition() =>
        await Gen.Select(Gen.Int[0, 1], Gen.Int[0, 200], Gen.Int[0, 60]).Array[1, 60].Select(Gen.Int[0, 40], Gen.Int[0, 120],
            Gen.Int[1, 100])
            .SampleAsync(
                async sample =>
                {
                    using var directory = new TempDirectory();
                    var (heard, longer, from, length) = (sample.Item1, TimeSpan.FromSeconds(sample.Item2), At(sample.Item3),
                        sample.Item4);
                    var query = Piles with { From = from, Until = from + TimeSpan.FromSeconds(length), KnownAt = At(240) };
                    await using var store = Make(directory);
                    await store.OpenAsync(Token);
                    var messages = heard.Select((h, i) => Message(DeviceKind.Pile, Channel.Meter,
                        Meter(Stamp($"p{h.Item1}", At(h.Item2), i, received: At(h.Item2 + h.Item3)))));
                    var will = Message(DeviceKind.Pile, Channel.Conn, new ConnRecord(Stamp("p0", At(100), 1000), false, true,
                        null, null, null));
                    await store.AppendAsync(new TelemetryBatch([.. messages, will], 1), Token);
                    var expected =
                        from h in heard.Where(h => h.Item2 + h.Item3 <= 240 && At(h.Item2) < query.Until)
                        group At(h.Item2) by $"p{h.Item1}" into device
                        orderby device.Key
                        from silence in Plain([.. device.Order()], device.Key, longer)
                        where silence.Until is null || silence.Until > query.From
                        select silence;
                    Assert.Equal(expected, await AllAsync(store.ReadSilencesAsync(query, longer, Token)));
                },
                iter: 10);

    [Fact]
    public async Task Receipts_tell_which_numbers_are_stored()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        await store.AppendAsync(
            new TelemetryBatch([.. new long[] { 5, 1, 2, 3, 7, 3 }.Select((n, i) => MeterMessage("p1", i, n)),
                MeterMessage("p2", 9, 4), MeterMessage("p2", 10, 5)], 8), Token);
        var anonymous = Message(DeviceKind.Pile, Channel.Meter, "", null, 77, Meter(Stamp("p1", At(20), 123, boot: default)));
        await store.AppendAsync(new TelemetryBatch([anonymous], 9), Token);
        var receipts = await AllAsync(store.ReadReceiptsAsync(null, Token));
        Assert.Equal([("p1", "boot"), ("p1", ""), ("p2", "boot")], receipts.Select(r => (r.Device, r.Boot)));
        Assert.Equal([(1L, 3L), (5L, 5L), (7L, 7L)], receipts[0].Seqs);
        Assert.Equal((6L, 6L, Noon, At(5)), (receipts[0].Messages, receipts[0].Records, receipts[0].FirstReceived,
            receipts[0].LastReceived));
        Assert.Empty(receipts[1].Seqs);
        Assert.Equal([(4L, 5L)], receipts[2].Seqs);
        Assert.Equal("p2", Assert.Single(await AllAsync(store.ReadReceiptsAsync(["p2", "none"], Token))).Device);
    }

    [Fact]
    public async Task Messages_are_found_by_key_with_the_hashes_of_all_that_have_it()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        var meter = Meter(Stamp("p", Noon, 1));
        TelemetryMessage[] messages =
        [
            Message(DeviceKind.Pile, Channel.Meter, "b", 1, 10, meter), Message(DeviceKind.Pile, Channel.Meter, "b", 1, 11,
                meter),
            Message(DeviceKind.Pile, Channel.Meter, "", null, ulong.MaxValue - 3, meter),
                Message(DeviceKind.Pile, Channel.Meter, "c", long.MinValue, 5, meter),
        ];
        await store.AppendAsync(new TelemetryBatch(messages, 4), Token);
        MessageKey one = new(DeviceKind.Pile, "p", "b", 1), other = new(DeviceKind.Pile, "p", "b", 2);
        MessageKey anonymous = new(DeviceKind.Pile, "p", "", -4), low = new(DeviceKind.Pile, "p", "c", long.MinValue),
            truck = new(DeviceKind.Truck, "p", "b", 1);
        var found = await store.FindMessagesAsync([one, other, anonymous, low, truck], Token);
        Assert.Equal([10UL, 11UL], found[one].Order());
        Assert.Equal([ulong.MaxValue - 3], found[anonymous]);
        Assert.Equal([5UL], found[low]);
        Assert.Empty(found[other]);
        Assert.Empty(found[truck]);
    }

    [Fact]
    public async Task Appends_and_checkpoints_go_on_while_a_reader_takes_its_time()
    {
        await using var store = Make();
        await store.OpenAsync(Token);
        await store.AppendAsync(new TelemetryBatch([.. Enumerable.Range(0, 10_000).Select(i => MeterMessage("p", i, i))], 1),
            Token);
        await using (var slow = store.ReadAsync<MeterRecord>(Piles, Token).GetAsyncEnumerator(Token))
        {
            Assert.True(await slow.MoveNextAsync());
            await store.AppendAsync(new TelemetryBatch([MeterMessage("p", 20_000, 20_000)], 2), Token);
            Assert.Equal(2, await store.CheckpointAsync(Token));
            var rest = 1;
            while (await slow.MoveNextAsync())
            {
                rest++;
            }
            Assert.Equal(10_000, rest);
        }
        Assert.Equal(10_001, (await AllAsync(store.ReadAsync<MeterRecord>(Piles, Token))).Count);
    }

    private static IEnumerable<Silence> Plain(IReadOnlyList<Instant> heard, string device, TimeSpan longerThan)
    {
        for (var i = 1; i < heard.Count; i++)
        {
            if (heard[i] - heard[i - 1] > longerThan)
            {
                yield return new Silence(device, heard[i - 1], heard[i]);
            }
        }
        yield return new Silence(device, heard[^1], null);
    }

    private static async Task RoundTripAsync<T>(ITelemetryStore store, DeviceKind kind, Channel channel, params T[] records)
        where T : struct, ITelemetryRecord
    {
        await store.AppendAsync(new TelemetryBatch([.. records.Select(r => Message(kind, channel, r))], 1), Token);
        var query = Piles with { Kind = kind };
        Assert.Equal(records, await AllAsync(store.ReadAsync<T>(query, Token)));
    }

    private protected static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
        {
            all.Add(item);
        }
        return all;
    }
}
