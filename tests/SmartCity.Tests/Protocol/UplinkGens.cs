using CsCheck;
using Google.Protobuf;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

/// <summary>Any message that a well-behaved device may send, of each channel.</summary>
internal static class UplinkGens
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String.AlphaNumeric,
        Of("", "充电桩 一号", "a\"b\\c\n\t/", "\u0001<&>'+", "🔋", new string('x', 1024)));

    private static readonly Gen<long> Time = Gen.OneOf(
        Gen.Long[1, 4_000_000_000_000], Of(-62_135_596_800_000, 253_402_300_799_999, 1, 1_760_000_000_000));

    public static readonly Gen<ConnMessage> Conn = Message<ConnMessage, ConnRecord>(
        Set(Time, (ConnRecord r, long v) => r.Time = v),
        Set(Gen.Bool, (ConnRecord r, bool v) => r.Online = v),
        Set(Text, (ConnRecord r, string v) => r.Firmware = v),
        Maybe(Gen.Double[0, 86_400], (ConnRecord r, double v) => r.ReportIntervalS = v),
        Maybe(Gen.Int, (ConnRecord r, int v) => r.SignalCsq = v));

    public static readonly Gen<StatusMessage> Status = Message<StatusMessage, StatusRecord>(
        Set(Time, (StatusRecord r, long v) => r.Time = v),
        Set(Gen.Int[0, 64], (StatusRecord r, int v) => r.Port = v),
        Set(Gen.Enum<PortStatus>(), (StatusRecord r, PortStatus v) => r.Status = v),
        Set(Text, (StatusRecord r, string v) => r.SessionId = v),
        Set(Text, (StatusRecord r, string v) =>
            r.VendorStatus = r.Status == PortStatus.Unspecified && v.Length == 0 ? "0x42" : v));

    public static readonly Gen<MeterMessage> Meter = Message<MeterMessage, MeterRecord>(
        Set(Time, (MeterRecord r, long v) => r.Time = v),
        Set(Gen.Int[1, 64], (MeterRecord r, int v) => r.Port = v),
        Set(Text, (MeterRecord r, string v) => r.SessionId = v),
        Maybe(Gen.Double[0, 1000], (MeterRecord r, double v) => r.VoltageV = v),
        Maybe(Gen.Double[0, 1000], (MeterRecord r, double v) => r.CurrentA = v),
        Maybe(Gen.Double[0, 400_000], (MeterRecord r, double v) => r.PowerW = v),
        Maybe(Gen.Double[0, 1e7], (MeterRecord r, double v) => r.SessionEnergyWh = v),
        Maybe(Gen.Double[0, 1e13], (MeterRecord r, double v) => r.RegisterWh = v),
        Maybe(Gen.Double[-60, 200], (MeterRecord r, double v) => r.PortTempC = v),
        Maybe(Gen.Double[-60, 200], (MeterRecord r, double v) => r.AmbientTempC = v),
        Maybe(Gen.Double[-1e300, 1e300], (MeterRecord r, double v) => r.LeakageMa = v));

    public static readonly Gen<SessionMessage> Session = Message<SessionMessage, SessionRecord>(
        Set(Time, (SessionRecord r, long v) => r.Time = v),
        Set(Gen.Int[1, 64], (SessionRecord r, int v) => r.Port = v),
        Set(Text, (SessionRecord r, string v) => r.SessionId = v.Length == 0 ? "S" : v),
        Set(Of([.. Enum.GetValues<SessionEvent>().Skip(1)]), (SessionRecord r, SessionEvent v) => r.Event = v),
        Maybe(Time, (SessionRecord r, long v) => r.StartTime = v),
        Maybe(Time, (SessionRecord r, long v) => r.EndTime = v),
        Maybe(Gen.Double[0, 1e7], (SessionRecord r, double v) => r.EnergyWh = v),
        Maybe(Gen.Double[0, 4e5], (SessionRecord r, double v) => r.MaxPowerW = v),
        Set(Gen.Enum<StopReason>(), (SessionRecord r, StopReason v) => r.StopReason = v),
        Set(Text, (SessionRecord r, string v) => r.VendorReason = v));

    public static readonly Gen<FaultMessage> Fault = Message<FaultMessage, FaultRecord>(
        Set(Time, (FaultRecord r, long v) => r.Time = v),
        Set(Gen.Int[0, 64], (FaultRecord r, int v) => r.Port = v),
        Set(Gen.Int[1, 999], (FaultRecord r, int v) => r.Code = v),
        Set(Of(FaultEvent.Raised, FaultEvent.Cleared), (FaultRecord r, FaultEvent v) => r.Event = v),
        Maybe(Gen.Double[-1e9, 1e9], (FaultRecord r, double v) => r.Value = v),
        Set(Text, (FaultRecord r, string v) => r.VendorCode = v),
        Set(Text, (FaultRecord r, string v) => r.Info = v));

    public static readonly Gen<PositionMessage> Position = Message<PositionMessage, PositionRecord>(
        Set(Time, (PositionRecord r, long v) => r.Time = v),
        Set(Gen.Double[-90, 90], (PositionRecord r, double v) => r.Lat = v),
        Set(Gen.Double[-180, 180], (PositionRecord r, double v) => r.Lon = v),
        Maybe(Gen.Double[0, 200], (PositionRecord r, double v) => r.SpeedKmh = v),
        Maybe(Gen.Double[0, 360], (PositionRecord r, double v) => r.HeadingDeg = v),
        Maybe(Gen.Double[0, 1000], (PositionRecord r, double v) => r.AccuracyM = v),
        Maybe(Gen.Bool, (PositionRecord r, bool v) => r.FixValid = v));

    public static readonly Gen<EvidenceMessage> Evidence = Message<EvidenceMessage, EvidenceRecord>(
        Set(Time, (EvidenceRecord r, long v) => r.Time = v),
        Set(Of([.. Enum.GetValues<EvidenceType>().Skip(1)]), (EvidenceRecord r, EvidenceType v) => r.Type = v),
        Set(Text, (EvidenceRecord r, string v) => r.PointId = v),
        Set(Text, (EvidenceRecord r, string v) => r.Epc = v),
        Maybe(Gen.Double[-100, 20_000], (EvidenceRecord r, double v) => r.NetKg = v),
        Maybe(Gen.Int, (EvidenceRecord r, int v) => r.Count = v),
        Set(Text, (EvidenceRecord r, string v) => r.CrewId = v),
        Set(Text, (EvidenceRecord r, string v) => r.PhotoRef = v),
        Maybe(Gen.Double[-90, 90], (EvidenceRecord r, double v) => r.Lat = v),
        Maybe(Gen.Double[-180, 180], (EvidenceRecord r, double v) => r.Lon = v));

    public static readonly Gen<BinMessage> Bin = Message<BinMessage, BinRecord>(
        Set(Time, (BinRecord r, long v) => r.Time = v),
        Set(Text, (BinRecord r, string v) => r.BinId = v),
        Set(Gen.Double[0, 1], (BinRecord r, double v) => r.FillRatio = v),
        Maybe(Gen.Double[-60, 200], (BinRecord r, double v) => r.TempC = v),
        Set(Text, (BinRecord r, string v) => r.Status = v));

    private static Gen<Action<TRecord>> Set<TRecord, TValue>(Gen<TValue> value, Action<TRecord, TValue> set) =>
        value.Select(v => (Action<TRecord>)(record => set(record, v)));

    private static Gen<Action<TRecord>> Maybe<TRecord, TValue>(Gen<TValue> value, Action<TRecord, TValue> set) =>
        Gen.Select(Gen.Bool, value).Select((given, v) => (Action<TRecord>)(record => (given ? set : Leave)(record, v)));

    private static void Leave<TRecord, TValue>(TRecord record, TValue value)
    {
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<TMessage> Message<TMessage, TRecord>(params Gen<Action<TRecord>>[] fields)
        where TMessage : IUplinkMessage<TRecord>, new()
        where TRecord : IMessage<TRecord>, new()
    {
        var record = fields.Aggregate((all, field) => Gen.Select(all, field, (a, b) => a + b)).Select(fill =>
        {
            var made = new TRecord();
            fill(made);
            return made;
        });
        var boot = Gen.String[Gen.Char.AlphaNumeric, 1, 40];
        var envelope = Gen.Select(boot, Gen.ULong, Time, Gen.Bool, Gen.Bool);
        return Gen.Select(envelope, record.List[1, 4], (e, records) =>
        {
            var (b, seq, sent, buffered, counts) = e;
            var message = new TMessage { Buffered = buffered };
            if (counts)
            {
                (message.Boot, message.Seq, message.SentAt) = (b, seq, sent);
            }
            message.Records.AddRange(records);
            return message;
        });
    }
}
