using Google.Protobuf;
using SmartCity.Protocol.V1;

namespace SmartCity.Protocol.Mqtt;

/// <summary>What a payload says, record by record, and what of it had to be set aside.</summary>
/// <param name="Topic">Where it was published.</param>
/// <param name="Boot">The device's power-up; empty exactly when <paramref name="Seq"/> is null: one without the other
/// identifies nothing, and both count as absent.</param>
/// <param name="Seq">The message's number within the power-up.</param>
/// <param name="SentAt">When the device (re)sent it, in ms since the epoch by its own clock.</param>
/// <param name="Buffered">Whether it comes from the device's outbox.</param>
/// <param name="Records">The readable records, in the message's order.</param>
/// <param name="Problems">One for each record that was set aside; or exactly one without an index, for the whole message:
/// then there are no records.</param>
public sealed record Uplink(
    UplinkTopic Topic, string Boot, ulong? Seq, long? SentAt, bool Buffered, IReadOnlyList<UplinkRecord> Records,
    IReadOnlyList<UplinkProblem> Problems)
{
    /// <summary>Why the whole message was set aside; null when it was read.</summary>
    public UplinkProblem? MessageProblem => Problems.Count == 1 && Problems[0].RecordIndex is null ? Problems[0] : null;
}

/// <summary>One readable record.</summary>
/// <param name="Index">Its place in the message, from 0; set-aside records leave holes.</param>
/// <param name="Content">The channel's record: a <see cref="MeterRecord"/> on <c>meter</c>, and so on.</param>
public readonly record struct UplinkRecord(int Index, IMessage Content);

/// <summary>Why something was set aside.</summary>
/// <param name="RecordIndex">The record's place in the message, from 0; null for the whole message.</param>
/// <param name="Reason">The kind of problem.</param>
/// <param name="Text">What is wrong, for a person: <c>records[3].portTempC must be a number, got "hot"</c>.</param>
public readonly record struct UplinkProblem(int? RecordIndex, DeadLetterReason Reason, string Text);
