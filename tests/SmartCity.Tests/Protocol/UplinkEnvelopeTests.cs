using System.Buffers;
using System.Text;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkEnvelopeTests
{
    private const string Record = """{"time":1760000000000,"port":1,"status":"CHARGING"}""";

    [Theory]
    [InlineData("""{"boot":"b","seq":18446744073709551615,"sentAt":1760000000001,"buffered":true,"records":[R]}""")]
    [InlineData(
        """{"x":{"y":[1]},"records":[R],"buffered":true,"sentAt":"1760000000001","seq":"18446744073709551615","boot":"b"}""")]
    public void The_envelope_is_read_in_any_order_with_numbers_as_numbers_or_strings(string json)
    {
        var uplink = UplinkJson.Decode(UplinkJson.Status, json.Replace("R", Record, StringComparison.Ordinal));

        Assert.Empty(uplink.Problems);
        Assert.Equal("b", uplink.Boot);
        Assert.Equal(ulong.MaxValue, uplink.Seq);
        Assert.Equal(1_760_000_000_001, uplink.SentAt);
        Assert.True(uplink.Buffered);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"boot\":\"b\",")]
    [InlineData("\"seq\":4,")]
    [InlineData("\"boot\":null,\"seq\":null,\"sentAt\":null,\"buffered\":null,")]
    public void Boot_and_seq_count_only_together(string envelope)
    {
        var uplink = UplinkJson.Decode(UplinkJson.Status, $"{{{envelope}\"records\":[{Record}]}}");

        Assert.Empty(uplink.Problems);
        Assert.Equal(("", null, null, false), (uplink.Boot, uplink.Seq, uplink.SentAt, uplink.Buffered));
    }

    [Theory]
    [InlineData("", DeadLetterReason.Undecodable, "the payload is empty")]
    [InlineData("hot", DeadLetterReason.Undecodable, "the payload must be JSON")]
    [InlineData("5", DeadLetterReason.Undecodable, "the payload must be a JSON object, got 5")]
    [InlineData("[]", DeadLetterReason.Undecodable, "the payload must be a JSON object, got an array")]
    [InlineData("{}", DeadLetterReason.MissingField, "records is missing: send 1 to 500")]
    [InlineData("""{"records":null}""", DeadLetterReason.MissingField, "records is missing: send 1 to 500")]
    [InlineData("""{"records":[]}""", DeadLetterReason.MissingField, "records is empty: send 1 to 500")]
    [InlineData("{\n  hot}", DeadLetterReason.Undecodable, "the payload must be JSON: it breaks at line 2, byte 3")]
    [InlineData("""{"records":{}}""", DeadLetterReason.Undecodable, "records must be an array, got an object")]
    [InlineData("""{"records":[R],"records":[R]}""", DeadLetterReason.Undecodable, "records must be given once")]
    [InlineData("""{"records":[R]} x""", DeadLetterReason.Undecodable, "the payload must be JSON")]
    [InlineData("""{"records":[R]}{}""", DeadLetterReason.Undecodable, "the payload must be JSON")]
    [InlineData("""{"records":[R]""", DeadLetterReason.Undecodable, "the payload must be JSON")]
    [InlineData("""{"records":[R,]}""", DeadLetterReason.Undecodable, "the payload must be JSON")]
    [InlineData("""{"seq":-1,"records":[R]}""", DeadLetterReason.Undecodable, "seq must be a whole number of at least 0, got -1")]
    [InlineData("""{"seq":1.5,"records":[R]}""", DeadLetterReason.Undecodable, "seq must be a whole number of at least 0, got 1")]
    [InlineData("""{"boot":7,"records":[R]}""", DeadLetterReason.Undecodable, "boot must be a text, got 7")]
    [InlineData("""{"sentAt":"now","records":[R]}""", DeadLetterReason.Undecodable, "sentAt must be a whole number, got \"now\"")]
    [InlineData("""{"buffered":1,"records":[R]}""", DeadLetterReason.Undecodable, "buffered must be true or false, got 1")]
    [InlineData("""{"sentAt":1760000000000000,"records":[R]}""", DeadLetterReason.OutOfRange, "sentAt must be milliseconds")]
    public void A_message_that_cannot_be_read_is_set_aside_whole(string json, DeadLetterReason reason, string text)
    {
        var uplink = UplinkJson.Decode(UplinkJson.Status, json.Replace("R", Record, StringComparison.Ordinal));

        var problem = Assert.NotNull(uplink.MessageProblem);
        Assert.Empty(uplink.Records);
        Assert.Equal(reason, problem.Reason);
        Assert.StartsWith(text, problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Five_hundred_records_are_fine_and_one_more_is_too_many_in_either_encoding()
    {
        var message = new StatusMessage();
        var record = new StatusRecord { Time = 1, Status = PortStatus.Plugged };
        message.Records.AddRange(Enumerable.Repeat(record, 500));
        Assert.All(Decoded(message), uplink => Assert.Equal(500, uplink.Records.Count));

        message.Records.Add(record);
        Assert.All(Decoded(message), uplink => Assert.Equal(DeadLetterReason.TooLarge, uplink.MessageProblem?.Reason));
    }

    [Fact]
    public void A_payload_of_64_KiB_is_fine_and_one_more_byte_is_too_large()
    {
        var payload = new byte[UplinkLimits.PayloadBytesMax + 1];
        payload.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes($"{{\"records\":[{Record}]}}", payload);

        Assert.Empty(UplinkCodec.Decode(UplinkJson.Status, payload.AsMemory(0, payload.Length - 1), null).Problems);
        var problem = UplinkCodec.Decode(UplinkJson.Status, payload, null).Problem();
        Assert.Equal(DeadLetterReason.TooLarge, problem.Reason);
        Assert.Contains("65537", problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, true)]
    [InlineData(30, false)]
    public void Nesting_is_bounded_also_in_fields_that_nobody_reads(int depth, bool fine)
    {
        var deep = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        var uplink = UplinkJson.Decode(UplinkJson.Status, $"{{\"x\":{deep},\"records\":[{Record}]}}");

        Assert.Equal(fine, uplink.MessageProblem is null);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        byte[] payload = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{{\"records\":[{Record}]}}")];

        Assert.Single(UplinkCodec.Decode(UplinkJson.Status, payload, null).Records);
    }

    [Fact]
    public void A_boot_of_more_than_128_characters_is_refused()
    {
        var json = $"{{\"boot\":\"{new string('b', 129)}\",\"seq\":1,\"records\":[{Record}]}}";

        Assert.Equal(DeadLetterReason.OutOfRange, UplinkJson.Decode(UplinkJson.Status, json).MessageProblem?.Reason);
    }

    [Fact]
    public void Protobuf_that_cannot_be_read_is_set_aside_whole()
    {
        byte[] payload = [0x2A, 0x7F, 0x01];

        var problem = UplinkCodec.Decode(UplinkJson.Status, payload, "application/x-protobuf; v=1").Problem();

        Assert.Equal(DeadLetterReason.Undecodable, problem.Reason);
        Assert.StartsWith("the payload must be a StatusMessage in Protobuf", problem.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<Uplink> Decoded(StatusMessage message)
    {
        var (json, protobuf) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        UplinkWriter.WriteJson(message, json);
        UplinkWriter.WriteProtobuf(message, protobuf);
        yield return UplinkCodec.Decode(UplinkJson.Status, json.WrittenMemory, null);
        yield return UplinkCodec.Decode(UplinkJson.Status with { IsProtobuf = true }, protobuf.WrittenMemory, null);
    }
}
