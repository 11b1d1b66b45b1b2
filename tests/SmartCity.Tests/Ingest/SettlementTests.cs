using CsCheck;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Ingest;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Ingest;

public sealed class SettlementTests
{
    private static readonly Gen<MessageFate> Fate = Gen.Int[0, 2].Select(i => (MessageFate)i);

    [Fact]
    public void Every_message_is_stored_a_duplicate_or_dead_and_exactly_one_of_them() =>
        Gen.Select(Fate.Array[0, 3], Gen.Int[0, 2]).Array[0, 30].Sample(shapes =>
        {
            var batch = shapes.Select((shape, i) => Message(i, shape.Item1.Length, shape.Item2)).ToList();
            var settlement = new Settlement(batch, [.. shapes.SelectMany(s => s.Item1)]);
            var counts = settlement.Counts;
            return counts.Stored + counts.Duplicates + counts.Dead == batch.Count
                && settlement.Fresh.Count == shapes.Sum(s => s.Item1.Count(f => f != MessageFate.Duplicate))
                && counts.Conflicts == shapes.Sum(s => s.Item1.Count(f => f == MessageFate.Conflict))
                && settlement.Dead.Count == shapes.Sum(s => s.Item2)
                && new TelemetryBatch(settlement.Fresh, batch.Count).JournaledMessages == counts.Stored;
        });

    [Fact]
    public void A_replay_that_is_stored_or_already_there_is_marked_and_one_that_fails_again_is_not()
    {
        var replay = new Replay(5, default, null);
        Assert.Equal([5], new Settlement([Message(0, 1, 0, replay)], [MessageFate.New]).Replayed);
        Assert.Equal([5], new Settlement([Message(0, 1, 0, replay)], [MessageFate.Duplicate]).Replayed);
        Assert.Empty(new Settlement([Message(0, 0, 1, replay)], []).Replayed);
    }

    [Fact]
    public void The_bad_record_of_a_resend_is_counted_once()
    {
        Assert.Equal(1, new Settlement([Message(0, 1, 1)], [MessageFate.New]).Counts.DeadRecords);
        Assert.Equal(0, new Settlement([Message(0, 1, 1)], [MessageFate.Duplicate]).Counts.DeadRecords);
    }

    private static Decoded Message(long position, int parts, int dead, Replay? replay = null)
    {
        var entry = new JournalEntry("t", default, 0, null, "", default, replay);
        var stamp = new Stamp("P-1", default, default, default, 0, 0, StampFlags.None);
        return new Decoded(
            new JournalMessage(position, entry),
            [.. Enumerable.Range(0, parts).Select(_ => new TelemetryMessage<BinRecord>(
                DeviceKind.Point, "P-1", Channel.Bin, "", null, 0, default, position, null,
                [new BinRecord(stamp, null, 0, null, null)]))],
            [.. Enumerable.Range(0, dead).Select(i => new DeadLetterDraft(
                position, default, "t", "", "P-1", i, DeadLetterReason.OutOfRange, "", default, 0, null))]);
    }
}
