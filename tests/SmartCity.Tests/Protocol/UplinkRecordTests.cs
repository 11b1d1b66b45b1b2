using System.Buffers;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkRecordTests
{
    [Fact]
    public void One_bad_record_is_set_aside_alone()
    {
        var uplink = UplinkJson.Records(
            UplinkJson.Meter,
            "\"port\":1", "\"port\":2,\"portTempC\":\"hot\",\"voltageV\":[{\"a\":1}],\"powerW\":5", "\"port\":3");

        var problem = uplink.Problem();
        Assert.Equal("records[1].portTempC must be a number, got \"hot\"", problem.Text);
        Assert.Equal((1, DeadLetterReason.Undecodable), (problem.RecordIndex, problem.Reason));
        Assert.Null(uplink.MessageProblem);
        Assert.Equal([(0, 1), (2, 3)], uplink.Records.Select(r => (r.Index, ((MeterRecord)r.Content).Port)));
    }

    [Fact]
    public void A_single_bad_record_is_not_a_problem_of_the_message()
    {
        var uplink = UplinkJson.Decode(UplinkJson.Meter, """{"records":["hot"]}""");

        Assert.Equal("records[0] must be an object, got \"hot\"", uplink.Problem().Text);
        Assert.Null(uplink.MessageProblem);
    }

    [Theory]
    [InlineData("\"port\":1,\"voltageV\":\"220\"", "voltageV must be a number, got \"220\"")]
    [InlineData("\"port\":1,\"voltageV\":\"NaN\"", "voltageV must be a number, got \"NaN\"")]
    [InlineData("\"port\":1,\"voltageV\":1e999", "voltageV must be a number, got 1e999")]
    [InlineData("\"port\":1,\"voltageV\":{\"v\":1}", "voltageV must be a number, got an object")]
    [InlineData("\"port\":1.5", "port must be a whole number from -2147483648 to 2147483647, got 1.5")]
    [InlineData("\"port\":99999999999", "port must be a whole number from -2147483648 to 2147483647, got 99999999999")]
    [InlineData("\"port\":true", "port must be a whole number from -2147483648 to 2147483647, got true")]
    [InlineData("\"port\":1,\"sessionId\":5", "sessionId must be a text, got 5")]
    [InlineData("\"port\":1,\"sessionId\":\"\\ud800\"", "sessionId must be valid Unicode text, got \"\\ud800\"")]
    public void A_value_of_the_wrong_type_is_named(string fields, string text)
    {
        var problem = UplinkJson.Records(UplinkJson.Meter, fields).Problem();

        Assert.Equal(("records[0]." + text, DeadLetterReason.Undecodable), (problem.Text, problem.Reason));
    }

    [Fact]
    public void A_bare_NaN_is_no_JSON() => Assert.Equal(
        DeadLetterReason.Undecodable, UplinkJson.Records(UplinkJson.Meter, "\"port\":1,\"voltageV\":NaN").MessageProblem?.Reason);

    [Fact]
    public void Bytes_that_are_no_UTF8_spoil_only_their_record()
    {
        byte[] payload =
        [
            .. """{"records":[{"time":1,"port":1,"sessionId":" """u8, 0xFF,
            .. "\"},{\"time\":1,\"port\":2,\"sess\\ud800\":1}]}"u8,
        ];

        var uplink = UplinkCodec.Decode(UplinkJson.Meter, payload, null);

        Assert.StartsWith("records[0].sessionId must be valid Unicode text", uplink.Problem().Text, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(uplink.Records).Index);
    }

    [Theory]
    [InlineData("conn", "{\"online\":true}", "time")]
    [InlineData("conn", "{\"time\":null,\"online\":true}", "time")]
    [InlineData("conn", "{\"time\":1}", "online")]
    [InlineData("conn", "{\"time\":1,\"online\":null}", "online")]
    [InlineData("status", "{\"time\":1,\"port\":1}", "status")]
    [InlineData("status", "{\"time\":1,\"port\":1,\"status\":\"UNSPECIFIED\"}", "status")]
    [InlineData("session", "{\"time\":1,\"port\":1,\"event\":\"ENDED\"}", "sessionId")]
    [InlineData("session", "{\"time\":1,\"port\":1,\"event\":\"ENDED\",\"sessionId\":\"\"}", "sessionId")]
    [InlineData("session", "{\"time\":1,\"port\":1,\"sessionId\":\"S\"}", "event")]
    [InlineData("fault", "{\"time\":1,\"event\":\"RAISED\"}", "code")]
    [InlineData("fault", "{\"time\":1,\"code\":101}", "event")]
    [InlineData("position", "{\"time\":1,\"lon\":126.5}", "lat")]
    [InlineData("position", "{\"time\":1,\"lat\":43.8}", "lon")]
    [InlineData("evidence", "{\"time\":1,\"pointId\":\"C1\"}", "type")]
    [InlineData("bin", "{\"time\":1,\"binId\":\"B1\"}", "fillRatio")]
    public void A_record_without_a_required_field_is_set_aside(string channel, string record, string field)
    {
        UplinkTopic[] topics =
        [
            UplinkJson.Conn, UplinkJson.Status, UplinkJson.Session, UplinkJson.Fault, UplinkJson.Position, UplinkJson.Evidence,
            UplinkJson.Bin,
        ];
        var uplink = UplinkJson.Decode(topics.Single(t => Topics.Word(t.Channel) == channel), $"{{\"records\":[{record}]}}");

        var problem = uplink.Problem();
        Assert.Equal(
            (0, DeadLetterReason.MissingField, $"records[0].{field} is missing: it is required"),
            (problem.RecordIndex, problem.Reason, problem.Text));
    }

    [Fact]
    public void A_required_field_may_be_missing_in_Protobuf_no_more_than_in_JSON()
    {
        var message = new ConnMessage
        {
            Records =
            {
                new ConnRecord { Time = 1 }, new ConnRecord { Online = false }, new ConnRecord { Time = 1, Online = false },
            },
        };
        var payload = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteProtobuf(message, payload);

        var uplink = UplinkCodec.Decode(UplinkJson.Conn with { IsProtobuf = true }, payload.WrittenMemory, null);

        Assert.Equal(["records[0].online", "records[1].time"], uplink.Problems.Select(p => p.Text.Split(' ')[0]));
        Assert.Equal(2, Assert.Single(uplink.Records).Index);
    }

    [Fact]
    public void A_missing_sensor_is_absent_and_so_is_null_and_neither_is_zero()
    {
        var meter = UplinkJson.Only<MeterRecord>(
            UplinkJson.Meter, "\"port\":\"1\",\"voltageV\":null,\"currentA\":0,\"vendorX\":{\"a\":[]}");

        Assert.False(meter.HasVoltageV);
        Assert.False(meter.HasPowerW);
        Assert.True(meter.HasCurrentA);
        Assert.Equal(1, meter.Port);
    }

    [Fact]
    public void A_device_that_knows_no_time_may_say_so_in_JSON()
    {
        var uplink = UplinkJson.Decode(UplinkJson.Meter, """{"records":[{"time":0,"port":1},{"time":"1.76e12","port":1}]}""");

        Assert.Equal(0, ((MeterRecord)Assert.Single(uplink.Records).Content).Time);
        Assert.Equal("records[1].time must be a whole number, got \"1.76e12\"", uplink.Problem().Text);
    }

    [Fact]
    public void Whole_numbers_may_be_written_with_a_point_or_an_exponent()
    {
        var uplink = UplinkJson.Decode(UplinkJson.Meter, """{"records":[{"time":1.76e12,"port":3.0}]}""");

        Assert.Equal(new MeterRecord { Time = 1_760_000_000_000, Port = 3 }, Assert.Single(uplink.Records).Content);
    }

    [Fact]
    public void A_field_name_may_be_written_with_escapes() =>
        Assert.Equal(7, UplinkJson.Only<MeterRecord>(UplinkJson.Meter, "\"p\\u006frt\":7").Port);
}
