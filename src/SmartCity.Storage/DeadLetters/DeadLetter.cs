using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Why something was set aside. Numbers are those of the wire (operations.proto).</summary>
public enum DeadLetterReason : byte
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>The topic is none of ours.</summary>
    BadTopic = 1,

    /// <summary>The payload cannot be read.</summary>
    Undecodable = 2,

    /// <summary>Over a limit of size or count.</summary>
    TooLarge = 3,

    /// <summary>The registry does not know the device.</summary>
    UnknownDevice = 4,

    /// <summary>The registry does not know the port.</summary>
    UnknownPort = 5,

    /// <summary>A value outside its range.</summary>
    OutOfRange = 6,

    /// <summary>Later than late data is taken.</summary>
    TooOld = 7,

    /// <summary>A required field is absent.</summary>
    MissingField = 8,

    /// <summary>The store refused the record for good.</summary>
    RefusedByStore = 9,
}

/// <summary>A message, or one of its records, to set aside.</summary>
/// <param name="Position">Its message's place in the journal.</param>
/// <param name="Device">As in the topic; empty when it cannot be read.</param>
/// <param name="RecordIndex">Null: the whole message.</param>
/// <param name="Problem">What is wrong and what to do, for a person.</param>
/// <param name="Payload">The whole message's payload; cut when it was over the limit.</param>
/// <param name="PayloadBytes">Its real size.</param>
public sealed record DeadLetterDraft(
    long Position, Instant Received, string Topic, string ClientId, string Device, int? RecordIndex, DeadLetterReason Reason,
    string Problem, ReadOnlyMemory<byte> Payload, int PayloadBytes, string? ContentType);

/// <summary>Something that was set aside.</summary>
/// <param name="Draft">As first set aside; reason and problem are the latest.</param>
/// <param name="Deliveries">How often the same thing came; for a summary how many it counts.</param>
/// <param name="Replayed">When it was last sent through ingest again with success; null while it waits.</param>
public sealed record DeadLetter(long Id, DeadLetterDraft Draft, long Deliveries, Instant? Replayed);

/// <summary>Which dead letters to list.</summary>
/// <param name="Device">Only this device; null: all.</param>
/// <param name="Reason">Only this reason; null: all.</param>
/// <param name="IncludeReplayed">Also those that do not wait any more.</param>
/// <param name="BeforeId">Only older ones than this: the last id of the page before; null: from the newest.</param>
/// <param name="Take">At most so many.</param>
/// <param name="BytesMax">And about so many bytes, but at least one letter. Less than gRPC's usual limit of 4 MiB.</param>
public sealed record DeadLetterQuery(
    string? Device = null, DeadLetterReason? Reason = null, bool IncludeReplayed = false, long? BeforeId = null, int Take = 100,
    long BytesMax = 3L << 20);
