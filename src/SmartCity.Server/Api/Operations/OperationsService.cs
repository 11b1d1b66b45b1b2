using Grpc.Core;
using Microsoft.Extensions.Options;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Ingest;
using SmartCity.Server.Mqtt;
using SmartCity.Server.Settings;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace SmartCity.Server.Api.Operations;

/// <summary>What came in, what is behind, and what was set aside.</summary>
internal sealed class OperationsService(
    JournalLog journal, ITelemetryStore store, DeadLetterStore deadLetters, DeadLetterReplay replay, IngestProgress progress,
    IngestRate rate, UsageDigester digester, EmbeddedBroker embedded, ExternalBroker external, GapAnswers gaps, RegistryStore registry,
    OldestBehind oldestBehind, IOptions<MqttOptions> mqtt)
    : Protocol.V1.OperationsService.OperationsServiceBase
{
    private const int ReplayMax = 10_000;

    public override async Task<GetIngestStatusResponse> GetIngestStatus(GetIngestStatusRequest request, ServerCallContext context)
    {
        // The store's picture first: what comes in meanwhile is behind, never negative.
        var at = progress.Store;
        var head = journal.Head;
        var behind = Math.Max(0, head - at.Position);
        var status = new GetIngestStatusResponse
        {
            MessagesReceived = head,
            MessagesStored = at.Counts.Stored,
            MessagesDuplicate = at.Counts.Duplicates,
            MessagesDead = at.Counts.Dead,
            MessagesDamaged = at.Counts.Damaged,
            MessagesBehind = behind,
            RecordsStored = at.Counts.Records,
            RecordsDead = at.Counts.DeadRecords,
            Conflicts = at.Counts.Conflicts,
            ClockRefusedRecords = at.Counts.ClockRefusedRecords,
            JournalBytes = journal.Bytes,
            JournalPosition = head,
            StoredPosition = at.Position,
            LivePosition = progress.LivePosition,
            MessagesPerSecond = rate.PerSecond,
            StoreKind = store.Kind,
            StartedTime = progress.Started.ToTimestamp(),
            DigestedUntilTime = digester.Until.ToTimestamp(),
            MetersDeletedUntilTime = Deleted(Domain.Telemetry.Channel.Meter),
            PositionsDeletedUntilTime = Deleted(Domain.Telemetry.Channel.Position),
        };
        var failed = await AskDisksAsync(status, context.CancellationToken);
        status.StoreProblem = journal.Problem
            ?? string.Join("; ", new[] { registry.Problem, progress.Problem, failed }.Where(p => p.Length > 0).Distinct());
        status.Brokers.AddRange(Brokers());
        gaps.CountInto(status);
        return status;
    }

    private Timestamp? Deleted(Domain.Telemetry.Channel channel) =>
        store.DeletedUntil(channel) is var until && until > Domain.Telemetry.Instant.Min ? until.ToTimestamp() : null;

    // What of the status is on disk. When a disk fails, whoever asks wants the rest all the more.
    private async Task<string> AskDisksAsync(GetIngestStatusResponse status, CancellationToken cancellation)
    {
        try
        {
            status.DeadLettersWaiting = deadLetters.Waiting;
            status.DeadLettersSummarised = deadLetters.Summarised;
            status.OldestBehindTime = await oldestBehind(cancellation) is { } oldest ? oldest.ToTimestamp() : null;
            return "";
        }
        catch (Exception e) when (e is StoreUnavailableException or JournalUnavailableException)
        {
            return e.Message;
        }
    }

    public override Task<ListGapsResponse> ListGaps(ListGapsRequest request, ServerCallContext context) =>
        gaps.ListAsync(request, context.CancellationToken);

    public override async Task<GetReceiptsResponse> GetReceipts(GetReceiptsRequest request, ServerCallContext context)
    {
        var fingerprint = Pages.FingerprintOf(request);
        var receipts = new List<Storage.Telemetry.Receipt>();
        var devices = request.DeviceIds.Count > 0 ? request.DeviceIds.ToHashSet(StringComparer.Ordinal) : null;
        await foreach (var receipt in store.ReadReceiptsAsync(devices, context.CancellationToken))
        {
            receipts.Add(receipt);
        }
        receipts.Sort(static (a, b) => string.CompareOrdinal(a.Device, b.Device) is var byDevice and not 0
            ? byDevice
            : a.FirstReceived.CompareTo(b.FirstReceived));
        var (page, next) = Pages.Take(
            receipts, request.PageSize, request.PageToken, fingerprint,
            bytesOf: static receipt => OperationsMapping.Of(receipt).CalculateSize());
        return new GetReceiptsResponse { Receipts = { page.Select(OperationsMapping.Of) }, NextPageToken = next };
    }

    public override Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context)
    {
        const int sizeDefault = 100;
        var fingerprint = Pages.FingerprintOf(request);
        var size = Pages.SizeOf(request.PageSize, sizeDefault);
        var opened = Pages.Open(request.PageToken, fingerprint);
        var query = new DeadLetterQuery(
            request.DeviceId.Length > 0 ? request.DeviceId : null, null, request.IncludeReplayed, opened?.Position, size);
        var page = deadLetters.List(query);
        return Task.FromResult(new ListDeadLettersResponse
        {
            DeadLetters = { page.Select(OperationsMapping.Of) },
            Total = deadLetters.Count(query),
            NextPageToken = page.Count > 0 && deadLetters.HasOlder(query, page[^1].Id)
                ? Pages.Seal(page[^1].Id, default, fingerprint)
                : "",
        });
    }

    public override async Task<ReplayDeadLettersResponse> ReplayDeadLetters(
        ReplayDeadLettersRequest request, ServerCallContext context)
    {
        var letters = Chosen(request);
        var (replayed, stored) = await replay.ReplayAsync(letters, context.CancellationToken);
        // What cannot be sent again (its payload was too large to keep) has failed, too.
        return new ReplayDeadLettersResponse { Replayed = replayed, Stored = stored, Failed = letters.Count - stored };
    }

    // Oldest first, as they came.
    private List<long> Chosen(ReplayDeadLettersRequest request)
    {
        if (request.DeadLetterIds.Count > ReplayMax)
        {
            throw new InvalidQueryException(
                "dead_letter_ids", $"{request.DeadLetterIds.Count} are too many at once; {ReplayMax} is the most.");
        }
        if (request.DeadLetterIds.Count == 0)
        {
            var matching = deadLetters.Ids(new DeadLetterQuery(
                request.DeviceId.Length > 0 ? request.DeviceId : null, ReasonOf(request.Reason), Take: ReplayMax));
            return [.. matching.Reverse()];
        }
        var chosen = request.DeadLetterIds.Distinct().Order().ToList();
        return deadLetters.MissingOf(chosen) is not { } missing
            ? chosen
            : throw new NotFoundException(
                "dead letter", missing.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "`smartcity dead-letters` lists those there are.");
    }

    private static Storage.DeadLetters.DeadLetterReason? ReasonOf(Protocol.V1.DeadLetterReason reason) =>
        reason == Protocol.V1.DeadLetterReason.Unspecified ? null
        : Enum.IsDefined(reason) ? (Storage.DeadLetters.DeadLetterReason)reason
        : throw new InvalidQueryException("reason", $"{(int)reason} is not a reason.");

    private IEnumerable<BrokerStatus> Brokers()
    {
        if (mqtt.Value.Listen.Length > 0)
        {
            yield return new BrokerStatus
            {
                Address = mqtt.Value.Listen, Embedded = true, Connected = embedded.Listening, Clients = embedded.Clients,
            };
        }
        if (external.Address is { } address)
        {
            yield return new BrokerStatus
            {
                Address = address.Display, Connected = external.Connected, Problem = external.Problem,
            };
        }
    }
}
