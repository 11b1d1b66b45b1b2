using Google.Protobuf;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Operations;

/// <summary>Receipts and dead letters as the wire has them.</summary>
internal static class OperationsMapping
{
    private const int SeqRangesMax = 1_000;

    public static Receipt Of(Storage.Telemetry.Receipt receipt) => new()
    {
        DeviceId = receipt.Device,
        Boot = receipt.Boot,
        Messages = receipt.Messages,
        Records = receipt.Records,
        Seqs = { receipt.Seqs.Take(SeqRangesMax).Select(r => new SeqRange { First = (ulong)r.First, Last = (ulong)r.Last }) },
        FirstReceivedTime = receipt.FirstReceived.ToTimestamp(),
        LastReceivedTime = receipt.LastReceived.ToTimestamp(),
        SeqsTruncated = receipt.Seqs.Count > SeqRangesMax,
    };

    public static DeadLetter Of(Storage.DeadLetters.DeadLetter letter)
    {
        var draft = letter.Draft;
        var wire = new DeadLetter
        {
            DeadLetterId = letter.Id,
            ReceivedTime = draft.Received.ToTimestamp(),
            Topic = draft.Topic,
            ClientId = draft.ClientId,
            DeviceId = draft.Device,
            Reason = (DeadLetterReason)draft.Reason,
            Problem = draft.Problem,
            Payload = UnsafeByteOperations.UnsafeWrap(draft.Payload),
            PayloadBytes = draft.PayloadBytes,
            ReplayedTime = letter.Replayed.ToTimestamp(),
            ContentType = draft.ContentType ?? "",
        };
        if (draft.RecordIndex is { } index)
        {
            wire.RecordIndex = index;
        }
        return wire;
    }
}
