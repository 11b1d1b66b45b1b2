using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>What becomes of a batch: every journaled message is stored, a duplicate or dead, and exactly one of them.</summary>
internal sealed class Settlement
{
    private readonly List<TelemetryMessage> fresh = [];
    private readonly List<DeadLetterDraft> dead = [];
    private readonly List<long> replayed = [];
    private readonly List<(string Import, bool IsDead)> left = [];
    private IngestCounts counts;

    /// <param name="batch">Messages in journal order.</param>
    /// <param name="fates">Of all their telemetry messages, in that order.</param>
    /// <param name="damaged">Positions among them that the journal could not read.</param>
    public Settlement(IReadOnlyList<Decoded> batch, IReadOnlyList<MessageFate> fates, long damaged = 0)
    {
        counts = counts with { Damaged = damaged };
        var fate = 0;
        foreach (var decoded in batch)
        {
            var isNew = false;
            foreach (var message in decoded.Messages)
            {
                isNew |= Take(message, fates[fate++]);
            }
            dead.AddRange(decoded.Dead);
            Count(decoded, isNew);
        }
    }

    /// <summary>What the store has to take.</summary>
    public IReadOnlyList<TelemetryMessage> Fresh => fresh;

    /// <summary>What is set aside.</summary>
    public IReadOnlyList<DeadLetterDraft> Dead => dead;

    /// <summary>Dead letters that were sent again and are in the store now.</summary>
    public IReadOnlyList<long> Replayed => replayed;

    /// <summary>Messages of imports that are not stored by this batch: resends, or dead.</summary>
    public IReadOnlyList<(string Import, bool IsDead)> Left => left;

    /// <summary>What became of the batch.</summary>
    public IngestCounts Counts => counts;

    /// <summary>The sum with what was before.</summary>
    public IngestCounts AddTo(IngestCounts before) => new(
        before.Stored + counts.Stored, before.Records + counts.Records, before.Duplicates + counts.Duplicates,
        before.Dead + counts.Dead, before.DeadRecords + counts.DeadRecords, before.Conflicts + counts.Conflicts,
        before.ClockRefusedRecords + counts.ClockRefusedRecords, before.Damaged + counts.Damaged);

    private bool Take(TelemetryMessage message, MessageFate fate)
    {
        if (fate == MessageFate.Duplicate)
        {
            return false;
        }
        fresh.Add(fate == MessageFate.Conflict ? message with { IsConflict = true } : message);
        counts = counts with
        {
            Records = counts.Records + message.Count,
            Conflicts = counts.Conflicts + (fate == MessageFate.Conflict ? 1 : 0),
        };
        return true;
    }

    private void Count(in Decoded decoded, bool isNew)
    {
        var readable = decoded.Messages.Count > 0;
        counts = counts with
        {
            Stored = counts.Stored + (isNew ? 1 : 0),
            Duplicates = counts.Duplicates + (!isNew && readable ? 1 : 0),
            Dead = counts.Dead + (readable ? 0 : 1),
            ClockRefusedRecords = counts.ClockRefusedRecords + (isNew ? decoded.ClockRefused : 0),
            // The bad records of a resend were counted when they first came.
            DeadRecords = counts.DeadRecords + (isNew || !readable ? decoded.Dead.Count(d => d.RecordIndex is not null) : 0),
        };
        if (!isNew && decoded.Source.Entry.Topic == MovedEntries.Topic)
        {
            left.Add((decoded.Source.Entry.ClientId, !readable));
        }
        if (readable && decoded.Source.Entry.Replay is { } replay)
        {
            replayed.Add(replay.DeadLetterId);
        }
    }
}
