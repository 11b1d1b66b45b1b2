using System.Globalization;
using SmartCity.Cli;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>A broker that drops tells nobody; the numbers of the messages do.</summary>
public sealed class GapTests
{
    [Fact]
    public async Task What_a_full_broker_dropped_is_told_to_the_number()
    {
        await using var mosquitto = await Mosquitto.StartAsync(
            "allow_anonymous true", "max_queued_messages 10", "max_inflight_messages 10");
        var directory = Directory.CreateTempSubdirectory("smartcity-gaps-");
        await using (var server = await Bridge.ConnectedAsync(mosquitto.Address, directory.FullName))
        {
            await Bridge.PublishAsync(mosquitto.Port, 1, 5);
            Assert.Equal((5, 0), await StoredAndMissingAsync(server, 5));
        }
        await Bridge.PublishAsync(mosquitto.Port, 6, 55); // 50 while we are away; the broker keeps the first 10 of them.
        await using (var server = await Bridge.ConnectedAsync(mosquitto.Address, directory.FullName))
        {
            await Bridge.PublishAsync(mosquitto.Port, 56, 56);
            Assert.Equal((16, 40), await StoredAndMissingAsync(server, 16));
            var gap = Assert.Single((await server.Operations.ListGapsAsync(new ListGapsRequest())).Gaps);
            Assert.Equal(("P-1", "b", 40), (gap.DeviceId, gap.Boot, gap.Missing));
            Assert.Equal(new SeqRange { First = 16, Last = 55 }, Assert.Single(gap.Seqs));
            Assert.Contains("16-55", await AskAsync(server, "gaps"), StringComparison.Ordinal);
            Assert.Contains("first 16, last 55", await AskAsync(server, "gaps", "--output", "csv"), StringComparison.Ordinal);
            Assert.Contains("Missing 缺失 40, of 1 device", await AskAsync(server, "ingest"), StringComparison.Ordinal);
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_set_aside_did_come_also_after_a_restart_and_what_comes_late_is_not_missing_any_more()
    {
        var directory = Directory.CreateTempSubdirectory("smartcity-gaps-");
        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            await server.ImportFirstPileAsync();
            await Bridge.PublishAsync(server.MqttPort, 1, 5);
            await Bridge.PublishAsync(server.MqttPort, 6, 8, port: 99);
            await Bridge.PublishAsync(server.MqttPort, 12, 12);
            Assert.Equal((6, 3), await StoredAndMissingAsync(server, 9));
        }
        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).MessagesMissing > 0, "the store is open");
            Assert.Equal(3, (await server.StatusAsync()).MessagesMissing);
            await Bridge.PublishAsync(server.MqttPort, 9, 10);
            Assert.Equal((8, 1), await StoredAndMissingAsync(server, 11));
            await Bridge.PublishAsync(server.MqttPort, 11, 11);
            Assert.Equal((9, 0), await StoredAndMissingAsync(server, 12));
            Assert.StartsWith("No number is missing", await AskAsync(server, "gaps"), StringComparison.Ordinal);
        }
        directory.Delete(recursive: true);
    }

    private static async Task<(long Stored, long Missing)> StoredAndMissingAsync(TestServer server, int received)
    {
        var status = await server.SettledAsync(received);
        Assert.Equal(status.MessagesMissing > 0 ? 1 : 0, status.DevicesWithGaps);
        return (status.MessagesStored, status.MessagesMissing);
    }

    private static async Task<string> AskAsync(TestServer server, params string[] question)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandLine.RunAsync(
            [.. question, "--server", server.GrpcAddress], output, output, TestContext.Current.CancellationToken);
        Assert.True(code == 0, output.ToString());
        return output.ToString();
    }
}
