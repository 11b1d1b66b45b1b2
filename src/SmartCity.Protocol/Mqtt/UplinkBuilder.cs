using Google.Protobuf;
using SmartCity.Protocol.V1;

namespace SmartCity.Protocol.Mqtt;

/// <summary>Gathers what was read of one payload.</summary>
internal sealed class UplinkBuilder(UplinkTopic topic)
{
    private readonly List<UplinkRecord> _records = [];
    private List<UplinkProblem>? _problems;
    private UplinkProblem? _refusal;

    public string Boot { get; set; } = "";

    public ulong? Seq { get; set; }

    public long? SentAt { get; set; }

    public bool Buffered { get; set; }

    /// <summary>The message has a list of records, be it empty.</summary>
    public bool HasRecords { get; set; }

    public bool IsRefused => _refusal is not null;

    public void Add(int index, IMessage record) => _records.Add(new UplinkRecord(index, record));

    /// <summary>Sets one record aside; the others live.</summary>
    public void SetAside(int index, DeadLetterReason reason, string text) =>
        (_problems ??= []).Add(new UplinkProblem(index, reason, $"records[{index}]{text}"));

    /// <summary>Sets the whole message aside. The first reason stays.</summary>
    public void Refuse(DeadLetterReason reason, string text) => _refusal ??= new UplinkProblem(null, reason, text);

    public Uplink Build()
    {
        if (_records.Count == 0 && _problems is null)
        {
            var how = HasRecords ? "empty" : "missing";
            Refuse(DeadLetterReason.MissingField, $"records is {how}: send 1 to {UplinkLimits.RecordsMax} of them");
        }
        if (SentAt is { } sent && !RecordRanges.IsTime(sent))
        {
            Refuse(DeadLetterReason.OutOfRange, $"sentAt {RecordRanges.TimeRule}, got {sent}");
        }
        if (Boot.Length > UplinkLimits.BootMax)
        {
            Refuse(DeadLetterReason.OutOfRange, $"boot must have at most {UplinkLimits.BootMax} characters, got {Boot.Length}");
        }
        if (_refusal is { } refusal)
        {
            return new Uplink(topic, "", null, null, false, [], [refusal]);
        }
        var counted = Boot.Length > 0 && Seq is not null;
        return new Uplink(
            topic, counted ? Boot : "", counted ? Seq : null, SentAt, Buffered, _records,
            _problems ?? (IReadOnlyList<UplinkProblem>)[]);
    }
}
