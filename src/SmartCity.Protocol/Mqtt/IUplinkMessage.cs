using Google.Protobuf;
using Google.Protobuf.Collections;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Protocol.Mqtt
{
    /// <summary>What the messages of all channels share: who sent it, when, and the records.</summary>
    public interface IUplinkMessage<TRecord> : IMessage
        where TRecord : IMessage<TRecord>
    {
        /// <summary>Opaque id of this power-up of the device; empty for devices that do not count.</summary>
        string Boot { get; set; }

        /// <summary>Whether <see cref="Seq"/> is given.</summary>
        bool HasSeq { get; }

        /// <summary>Counts up by one per message within <see cref="Boot"/>.</summary>
        ulong Seq { get; set; }

        /// <summary>Whether <see cref="SentAt"/> is given.</summary>
        bool HasSentAt { get; }

        /// <summary>When this message was (re)sent, in ms since the epoch by the device's clock.</summary>
        long SentAt { get; set; }

        /// <summary>Whether it comes from the device's outbox, not live.</summary>
        bool Buffered { get; set; }

        /// <summary>1..500 records.</summary>
        RepeatedField<TRecord> Records { get; }
    }
}

namespace SmartCity.Protocol.V1
{
    public sealed partial class ConnMessage : IUplinkMessage<ConnRecord>;

    public sealed partial class StatusMessage : IUplinkMessage<StatusRecord>;

    public sealed partial class MeterMessage : IUplinkMessage<MeterRecord>;

    public sealed partial class SessionMessage : IUplinkMessage<SessionRecord>;

    public sealed partial class FaultMessage : IUplinkMessage<FaultRecord>;

    public sealed partial class PositionMessage : IUplinkMessage<PositionRecord>;

    public sealed partial class EvidenceMessage : IUplinkMessage<EvidenceRecord>;

    public sealed partial class BinMessage : IUplinkMessage<BinRecord>;
}
