using System.Buffers;
using System.Globalization;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkRangeTests
{
    [Theory]
    [InlineData("voltageV", 0, 1000)]
    [InlineData("currentA", 0, 1000)]
    [InlineData("powerW", 0, 400_000)]
    [InlineData("sessionEnergyWh", 0, 1e7)]
    [InlineData("registerWh", 0, 1e13)]
    [InlineData("portTempC", -60, 200)]
    [InlineData("ambientTempC", -60, 200)]
    public void A_sensor_of_a_port_measures_within_its_range(string field, double min, double max) =>
        Check(UplinkJson.Meter, "\"port\":1,", field, min, max);

    [Theory]
    [InlineData("energyWh", 0, 1e7)]
    [InlineData("maxPowerW", 0, 400_000)]
    public void A_session_has_its_ranges(string field, double min, double max) =>
        Check(UplinkJson.Session, "\"port\":1,\"sessionId\":\"S\",\"event\":\"ENDED\",", field, min, max);

    [Theory]
    [InlineData("lat", -90, 90)]
    [InlineData("lon", -180, 180)]
    [InlineData("speedKmh", 0, 200)]
    public void A_position_has_its_ranges(string field, double min, double max) =>
        Check(UplinkJson.Position, "\"lat\":0,\"lon\":0,", field, min, max);

    [Theory]
    [InlineData("netKg", -100, 20_000)]
    [InlineData("lat", -90, 90)]
    [InlineData("lon", -180, 180)]
    public void Evidence_has_its_ranges(string field, double min, double max) =>
        Check(UplinkJson.Evidence, "\"type\":\"MANUAL\",", field, min, max);

    [Theory]
    [InlineData("fillRatio", 0, 1)]
    [InlineData("tempC", -60, 200)]
    public void A_bin_has_its_ranges(string field, double min, double max) =>
        Check(UplinkJson.Bin, "\"fillRatio\":0,", field, min, max);

    [Fact]
    public void A_meter_and_a_session_are_of_a_port_while_status_and_faults_may_be_of_the_pile()
    {
        Check(UplinkJson.Meter, "", "port", 1, 64);
        Check(UplinkJson.Session, "\"sessionId\":\"S\",\"event\":\"ENDED\",", "port", 1, 64);
        Check(UplinkJson.Status, "\"status\":1,", "port", 0, 64);
        Check(UplinkJson.Fault, "\"code\":1,\"event\":1,", "port", 0, 64);
        Assert.Equal(
            "records[0].port must be 1 to 64, got 0", UplinkJson.Records(UplinkJson.Meter, "\"voltageV\":1").Problem().Text);
    }

    [Fact]
    public void Times_in_microseconds_are_told_to_be_milliseconds()
    {
        var uplink = UplinkJson.Decode(UplinkJson.Meter, """{"records":[{"time":1760000000000000,"port":1}]}""");

        Assert.Equal(
            "records[0].time must be milliseconds since 1970-01-01 UTC, got 1760000000000000", uplink.Problem().Text);
        Assert.Equal(DeadLetterReason.OutOfRange, uplink.Problem().Reason);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_in_Protobuf_is_finite_even_where_no_range_is_promised(double value)
    {
        var message = new MeterMessage { Records = { new MeterRecord { Time = 1, Port = 1, LeakageMa = value } } };
        var payload = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteProtobuf(message, payload);

        var problem = UplinkCodec.Decode(UplinkJson.Meter with { IsProtobuf = true }, payload.WrittenMemory, null).Problem();

        Assert.Equal(DeadLetterReason.OutOfRange, problem.Reason);
        Assert.StartsWith("records[0].leakageMa must be", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_has_at_most_1024_characters()
    {
        Assert.Empty(UplinkJson.Records(UplinkJson.Meter, $"\"port\":1,\"sessionId\":\"{new string('s', 1024)}\"").Problems);
        var problem = UplinkJson.Records(UplinkJson.Meter, $"\"port\":1,\"sessionId\":\"{new string('s', 1025)}\"").Problem();
        Assert.Equal("records[0].sessionId must have at most 1024 characters, got 1025", problem.Text);
    }

    // Both ends belong to the range; the next number outside does not.
    private static void Check(UplinkTopic topic, string before, string field, double min, double max)
    {
        var whole = field == "port";
        var (below, above) = whole ? (min - 1, max + 1) : (Math.BitDecrement(min), Math.BitIncrement(max));
        foreach (var (value, fine) in new[] { (min, true), (max, true), (below, false), (above, false) })
        {
            var text = value.ToString("R", CultureInfo.InvariantCulture);
            var uplink = UplinkJson.Records(topic, $"{before}\"{field}\":{text}");
            Assert.Equal(fine, uplink.Problems.Count == 0);
            if (!fine)
            {
                Assert.Equal(DeadLetterReason.OutOfRange, uplink.Problem().Reason);
                Assert.StartsWith($"records[0].{field} must be ", uplink.Problem().Text, StringComparison.Ordinal);
            }
        }
    }
}
