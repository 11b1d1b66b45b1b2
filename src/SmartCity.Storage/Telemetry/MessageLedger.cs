using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Knows which messages are in the store: exactly, and from memory in the usual case. What is not remembered within
/// <see cref="MessageLedgerBounds"/> is looked up. One store writer judges and commits; any thread may ask for
/// <see cref="BootReceived"/>.</summary>
public sealed class MessageLedger(ITelemetryStore store, MessageLedgerBounds? bounds = null)
{
    private readonly Lock _gate = new();
    private readonly BootBook _boots = new(bounds ?? new MessageLedgerBounds());
    private readonly RecentMessages _recent = new((bounds ?? new MessageLedgerBounds()).Recent);

    /// <summary>Rebuilds the ledger from the open store. Call before the rest, and whenever the store may have other messages
    /// than it was given.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        var receipts = new List<Receipt>();
        await foreach (var receipt in store.ReadReceiptsAsync(null, cancellation))
        {
            receipts.Add(receipt);
        }
        receipts.Sort((a, b) => a.LastReceived.CompareTo(b.LastReceived)); // The newest are forgotten last.
        lock (_gate)
        {
            _recent.Clear();
            _boots.ForgetSequences();
            foreach (var receipt in receipts)
            {
                var boot = _boots.FindOrAdd(new BootKey(receipt.Kind, receipt.Device, receipt.Boot), receipt.FirstReceived);
                foreach (var (first, last) in receipt.Seqs)
                {
                    _boots.Add(boot, first, last, receipt.LastReceived);
                }
            }
        }
    }

    /// <summary>The fate of each message, in their order, judged together: the second of two equal ones is a duplicate. A Will
    /// is always new; a replayed record is new unless that record is stored.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async ValueTask<IReadOnlyList<MessageFate>> JudgeAsync(
        IReadOnlyList<TelemetryMessage> messages, CancellationToken cancellation)
    {
        var fates = new MessageFate[messages.Count];
        var doubts = new List<Doubt>();
        var replays = new List<int>();
        JudgeFromMemory(messages, fates, doubts, replays);
        if (doubts.Count > 0)
        {
            await LookUpAsync(messages, fates, doubts, cancellation);
        }
        if (replays.Count > 0)
        {
            await JudgeReplaysAsync(messages, fates, replays, cancellation);
        }
        return fates;
    }

    /// <summary>Remembers messages that the store took.</summary>
    public void Commit(IReadOnlyList<TelemetryMessage> stored)
    {
        lock (_gate)
        {
            foreach (var message in stored)
            {
                if (IsWill(message))
                {
                    continue;
                }
                var boot = _boots.FindOrAdd(KeyOf(message), BeginOf(message));
                if (message.Sequence is { } sequence)
                {
                    _boots.Add(boot, sequence, sequence, message.Received);
                }
                _recent.Add((boot.Number, SequenceOf(message), message.Hash));
            }
        }
    }

    /// <summary>When the first message of the power-up was received; <paramref name="received"/> if this is the first. Ask only
    /// for messages that have a record to store. 0 with an empty <paramref name="boot"/>.</summary>
    public Instant BootReceived(DeviceKind kind, string device, string boot, Instant received)
    {
        if (boot.Length == 0)
        {
            return default;
        }
        lock (_gate)
        {
            return _boots.FindOrAdd(new BootKey(kind, device, boot), received).Received;
        }
    }

    /// <summary>A message with this number came and was set aside as a whole: it is not in the store, and not missing either.
    /// Of a power-up that has nothing in the store nothing is kept.</summary>
    public void SetAside(DeviceKind kind, string device, string boot, long sequence)
    {
        lock (_gate)
        {
            _boots.Find(new BootKey(kind, device, boot))?.SetAside(sequence);
        }
    }

    /// <summary>The power-ups with numbers that never came though later ones did, in no order.</summary>
    public IReadOnlyList<MessageGap> Gaps()
    {
        lock (_gate)
        {
            return [.. _boots.Holed.Select(boot => GapOf(boot, boot.Seen))
                .Where(gap => gap.Missing.Count > 0 || gap.IsPartial)];
        }
    }

    /// <summary>The same of one power-up with all that is stored of it, where <see cref="MessageGap.IsPartial"/> said that the
    /// ledger does not remember it; null when nothing is missing.</summary>
    public MessageGap? GapOf(Receipt receipt)
    {
        lock (_gate)
        {
            var boot = _boots.Find(new BootKey(receipt.Kind, receipt.Device, receipt.Boot));
            var gap = boot is null ? null : GapOf(boot, receipt.Seqs) with { IsPartial = false };
            return gap is { Missing.Count: > 0 } ? gap : null;
        }
    }

    private static MessageGap GapOf(Boot boot, IReadOnlyList<(long First, long Last)> stored) => new(
        boot.Key.Kind, boot.Key.Device, boot.Key.Boot, boot.Received, boot.LastReceived, boot.MissingOf(stored), boot.IsCut);

    private void JudgeFromMemory(
        IReadOnlyList<TelemetryMessage> messages, MessageFate[] fates, List<Doubt> doubts, List<int> replays)
    {
        var batch = new HashSet<(int, long, ulong)>();
        var batchNumbers = new HashSet<(int, long)>();
        lock (_gate)
        {
            for (var i = 0; i < messages.Count; i++)
            {
                var message = messages[i];
                if (message.OnlyRecord is not null)
                {
                    replays.Add(i);
                }
                else if (!IsWill(message))
                {
                    fates[i] = JudgeOne(message, i, batch, batchNumbers, doubts);
                }
            }
        }
    }

    private async ValueTask JudgeReplaysAsync(
        IReadOnlyList<TelemetryMessage> messages, MessageFate[] fates, List<int> replays, CancellationToken cancellation)
    {
        // The device may send the whole message again while its records are replayed.
        var whole = messages.Where((message, i) => message.OnlyRecord is null && fates[i] != MessageFate.Duplicate)
            .ToLookup(message => (KeyOf(message), SequenceOf(message), message.Hash));
        var seen = new HashSet<(BootKey, long, int)>();
        // A record can only be stored if something of its message is.
        var known = await store.FindMessagesAsync(replays.Select(i => StoreKeyOf(messages[i])).ToHashSet(), cancellation);
        foreach (var i in replays)
        {
            var message = messages[i];
            var isFirst = seen.Add((KeyOf(message), SequenceOf(message), message.OnlyRecord!.Value));
            var isSent = whole[(KeyOf(message), SequenceOf(message), message.Hash)]
                .Any(other => message.Indexes.All(other.Indexes.Contains));
            var mayBeStored = known[StoreKeyOf(message)].Contains(message.Hash);
            fates[i] = isFirst && !isSent && !(mayBeStored && await StoredRecords.ContainsAsync(store, message, cancellation))
                ? MessageFate.New
                : MessageFate.Duplicate;
        }
    }

    private MessageFate JudgeOne(
        TelemetryMessage message, int index, HashSet<(int, long, ulong)> batch, HashSet<(int, long)> batchNumbers,
            List<Doubt> doubts)
    {
        var boot = _boots.FindOrAdd(KeyOf(message), BeginOf(message));
        var sequence = SequenceOf(message);
        var identity = (boot.Number, sequence, message.Hash);
        if (_recent.Contains(identity) || !batch.Add(identity))
        {
            return MessageFate.Duplicate;
        }
        var unseen = batchNumbers.Add((boot.Number, sequence)) ? MessageFate.New : MessageFate.Conflict;
        if (message.Sequence is null || boot.MayHave(sequence))
        {
            doubts.Add(new Doubt(index, unseen));
        }
        return unseen;
    }

    private async ValueTask LookUpAsync(
        IReadOnlyList<TelemetryMessage> messages, MessageFate[] fates, List<Doubt> doubts, CancellationToken cancellation)
    {
        var keys = doubts.Select(doubt => StoreKeyOf(messages[doubt.Index])).ToHashSet();
        var stored = await store.FindMessagesAsync(keys, cancellation);
        foreach (var (index, unseen) in doubts)
        {
            var message = messages[index];
            var key = StoreKeyOf(message);
            fates[index] = !stored.Contains(key) ? unseen
                : stored[key].Contains(message.Hash) ? MessageFate.Duplicate
                : MessageFate.Conflict;
        }
    }

    // What was moved here from another store knows an earlier beginning than its own arrival.
    private static Instant BeginOf(TelemetryMessage message) =>
        message.Sequence is null ? message.Received : message.BootReceived;

    private static BootKey KeyOf(TelemetryMessage message) => new(message.Kind, message.Device, message.Boot);

    private static MessageKey StoreKeyOf(TelemetryMessage message) =>
        new(message.Kind, message.Device, message.Boot, SequenceOf(message));

    private static long SequenceOf(TelemetryMessage message) => message.Sequence ?? (long)message.Hash;

    // The broker may send the same Will after each loss of the connection.
    private static bool IsWill(TelemetryMessage message) =>
        message is TelemetryMessage<ConnRecord> conn && conn.Records.Any(record => record.Will);

    // A message that memory cannot judge, and its fate if the store has nothing under its number.
    private readonly record struct Doubt(int Index, MessageFate Unseen);
}
