using System.Threading.Channels;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Mqtt;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Sends dead letters through the journal again: when somebody asks, and by itself when the registry has learned of
/// the device or port that was missing.</summary>
internal sealed partial class DeadLetterReplay(
    JournalLog journal, DeadLetterStore deadLetters, Decoder decoder, RegistryStore registry, IngestProgress progress,
    ProblemLog problems, TimeProvider clock, Random random, ILogger<DeadLetterReplay> logger) : BackgroundService
{
    // Of at most 64 KiB each: so many are in memory at once.
    private const int PageSize = 250;

    private readonly Channel<RegistrySnapshot> changes = System.Threading.Channels.Channel.CreateBounded<RegistrySnapshot>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Replays letters, in the order given, and waits until the store has passed them.</summary>
    /// <returns>How many were sent again, and how many of these are in the store now.</returns>
    public async Task<(int Replayed, int Stored)> ReplayAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        var sent = new List<long>(ids.Count);
        var last = -1L;
        foreach (var page in ids.Chunk(PageSize))
        {
            var whole = deadLetters.Find(page).Where(IsWhole).ToList();
            var positions = await Task.WhenAll(whole.Select(letter => journal.AppendAsync(Entry(letter), cancellation).AsTask()));
            sent.AddRange(whole.Select(letter => letter.Id));
            last = Math.Max(last, positions.Append(-1).Max());
        }
        await progress.WaitUntilAsync(last + 1, cancellation);
        return (sent.Count, deadLetters.CountReplayed(sent));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        registry.Changed += OnChanged;
        try
        {
            await progress.Opened.WaitAsync(stoppingToken);
            await RetryAsync(stoppingToken); // The registry may have changed and the process died before the replay.
            await foreach (var _ in changes.Reader.ReadAllAsync(stoppingToken))
            {
                await RetryAsync(stoppingToken);
            }
        }
        finally
        {
            registry.Changed -= OnChanged;
        }
    }

    // Of a payload that was too large only the beginning was kept.
    private static bool IsWhole(DeadLetter letter) => letter.Draft.Payload.Length == letter.Draft.PayloadBytes;

    private void OnChanged(RegistrySnapshot snapshot) => changes.Writer.TryWrite(snapshot);

    private JournalEntry Entry(DeadLetter letter)
    {
        var draft = letter.Draft;
        return new JournalEntry(
            draft.Topic, draft.Payload, draft.PayloadBytes, draft.ContentType, draft.ClientId, Instant.From(clock.GetUtcNow()),
            new Replay(letter.Id, draft.Received, draft.RecordIndex));
    }

    private async Task RetryAsync(CancellationToken stopping)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await ReplayKnownAsync(stopping);
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or JournalUnavailableException)
            {
                problems.Report("what waits for the registry cannot be replayed yet", e.Message);
                await Task.Delay(Backoff.After(failures, random), clock, stopping);
            }
        }
    }

    private async Task ReplayKnownAsync(CancellationToken stopping)
    {
        var stored = 0;
        foreach (var reason in (DeadLetterReason[])[DeadLetterReason.UnknownDevice, DeadLetterReason.UnknownPort])
        {
            IReadOnlyList<DeadLetter> page;
            long? before = null;
            do
            {
                page = deadLetters.List(new DeadLetterQuery(Reason: reason, BeforeId: before, Take: PageSize));
                before = page.Count > 0 ? page[^1].Id : before;
                // Oldest first within the page: the order in which the device sent them.
                stored += (await ReplayAsync([.. page.Where(IsWelcomeNow).Select(l => l.Id).Reverse()], stopping)).Stored;
            }
            while (page.Count > 0);
        }
        if (stored > 0)
        {
            Log.Replayed(logger, stored);
        }
    }

    private bool IsWelcomeNow(DeadLetter letter) =>
        UplinkTopic.TryParse(letter.Draft.Topic, out var topic, out _)
        && registry.Current.Knows((DeviceKind)topic.Kind, topic.DeviceId)
        && decoder.Decode(new JournalMessage(-1, Entry(letter))).Messages.Count > 0;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} messages that waited for the registry are stored now")]
        public static partial void Replayed(ILogger logger, int count);
    }
}
