using System.Buffers;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkHotPathTests
{
    private const int Rounds = 200;
    private const int Records = 100;

    // A MeterRecord is 136 bytes on the heap and its place in the list 16, which doubles as the list grows.
    private const double BytesPerRecordMax = 136 + 48;

    [Fact]
    public void Reading_JSON_allocates_the_records_and_nothing_beside_them()
    {
        var message = new MeterMessage { Boot = "5f3a", Seq = 7, SentAt = UplinkJson.Time };
        for (var i = 0; i < Records; i++)
        {
            message.Records.Add(new MeterRecord
            {
                Time = UplinkJson.Time + i, Port = 1 + (i % 10), SessionId = $"S-20261123-{i % 10}", VoltageV = 221.5,
                CurrentA = 1.3, PowerW = 287.95, SessionEnergyWh = 401.25, RegisterWh = 1_234_567.5, PortTempC = 31.5,
            });
        }
        var json = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteJson(message, json);

        Read(json.WrittenMemory);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            Read(json.WrittenMemory);
        }
        var perRecord = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Rounds * Records);

        Assert.InRange(perRecord, 1, BytesPerRecordMax);
    }

    [Fact]
    public void Texts_that_repeat_are_one_string()
    {
        var first = UplinkJson.Only<MeterRecord>(UplinkJson.Meter, "\"port\":1,\"sessionId\":\"S-one\"");
        var second = UplinkJson.Only<MeterRecord>(UplinkJson.Meter, "\"port\":2,\"sessionId\":\"S-one\"");

        Assert.Same(first.SessionId, second.SessionId);
    }

    [Fact]
    public void Very_many_different_texts_stay_themselves()
    {
        for (var i = 0; i < 30_000; i++)
        {
            var record = UplinkJson.Only<MeterRecord>(UplinkJson.Meter, $"\"port\":1,\"sessionId\":\"S-{i}\"");
            Assert.Equal($"S-{i}", record.SessionId);
        }
    }

    private static void Read(ReadOnlyMemory<byte> json) =>
        Assert.Equal(Records, UplinkCodec.Decode(UplinkJson.Meter, json, null).Records.Count);
}
