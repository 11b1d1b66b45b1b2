using System.Buffers;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkWordTests
{
    [Theory]
    [InlineData("\"CHARGING\"", PortStatus.Charging, "")]
    [InlineData("\"PORT_STATUS_CHARGING\"", PortStatus.Charging, "")]
    [InlineData("3", PortStatus.Charging, "")]
    [InlineData("\"OFFLINE\"", PortStatus.Offline, "")]
    [InlineData("\"SUSPENDED_BY_PILE\"", PortStatus.SuspendedByPile, "")]
    [InlineData("\"Preparing\"", PortStatus.Unspecified, "Preparing")]
    [InlineData("\"充电\"", PortStatus.Unspecified, "充电")]
    [InlineData("77", PortStatus.Unspecified, "77")]
    [InlineData("-1", PortStatus.Unspecified, "-1")]
    [InlineData("null,\"vendorStatus\":\"0x42\"", PortStatus.Unspecified, "0x42")]
    [InlineData("\"Preparing\",\"vendorStatus\":\"0x42\"", PortStatus.Unspecified, "0x42")]
    [InlineData("null,\"vendorStatus\":\"0x42\",\"status\":\"Preparing\"", PortStatus.Unspecified, "0x42")]
    [InlineData("\"Preparing\",\"vendorStatus\":\"\"", PortStatus.Unspecified, "Preparing")]
    public void A_status_is_a_name_or_a_number_and_an_unknown_one_is_kept_as_the_vendors(
        string json, PortStatus status, string vendorStatus)
    {
        var record = UplinkJson.Only<StatusRecord>(UplinkJson.Status, $"\"port\":1,\"status\":{json}");

        Assert.Equal((status, vendorStatus), (record.Status, record.VendorStatus));
    }

    [Fact]
    public void An_unknown_number_in_Protobuf_is_kept_as_in_JSON()
    {
        var record = new StatusRecord { Time = UplinkJson.Time, Port = 1, Status = (PortStatus)77 };
        var message = new StatusMessage { Records = { record } };
        var payload = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteProtobuf(message, payload);

        var uplink = UplinkCodec.Decode(UplinkJson.Status with { IsProtobuf = true }, payload.WrittenMemory, null);

        var expected = UplinkJson.Only<StatusRecord>(UplinkJson.Status, "\"port\":1,\"status\":77");
        Assert.Equal(expected, Assert.Single(uplink.Records).Content);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("3.5")]
    [InlineData("[]")]
    public void A_status_of_another_type_is_set_aside(string json)
    {
        var problem = UplinkJson.Records(UplinkJson.Status, $"\"port\":1,\"status\":{json}").Problem();

        Assert.StartsWith("records[0].status must be", problem.Text, StringComparison.Ordinal);
        Assert.Equal(DeadLetterReason.Undecodable, problem.Reason);
    }

    [Fact]
    public void An_unknown_stop_reason_is_kept_as_the_vendors_and_an_unknown_event_does_not_drop_the_record()
    {
        var record = UplinkJson.Only<SessionRecord>(
            UplinkJson.Session, "\"port\":1,\"sessionId\":\"S\",\"event\":\"PAUSED\",\"stopReason\":\"Meteor\"");

        Assert.Equal(
            (SessionEvent.Unspecified, StopReason.Unspecified, "Meteor"), (record.Event, record.StopReason, record.VendorReason));
    }

    [Fact]
    public void A_fault_without_a_number_needs_the_vendors_code() => Assert.Equal(
        0, UplinkJson.Only<FaultRecord>(UplinkJson.Fault, "\"port\":0,\"event\":\"RAISED\",\"vendorCode\":\"E17\"").Code);

    [Fact]
    public void Every_word_of_every_list_is_read_by_its_bare_name()
    {
        foreach (var reason in Enum.GetValues<StopReason>().Skip(1))
        {
            var parts = reason.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{c}" : $"{c}");
            var word = string.Concat(parts).ToUpperInvariant();
            var record = UplinkJson.Only<SessionRecord>(
                UplinkJson.Session, $"\"port\":1,\"sessionId\":\"S\",\"event\":\"ENDED\",\"stopReason\":\"{word}\"");
            Assert.Equal((reason, ""), (record.StopReason, record.VendorReason));
        }
    }
}
