using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using SmartCity.Cli;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A fault from the device's word to its closing, on the real server.</summary>
public sealed class RepairLoopTests
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/fault";

    [Fact]
    public async Task A_fault_is_seen_to_step_by_step_and_the_audit_trail_outlives_the_server()
    {
        var directory = Directory.CreateTempSubdirectory("smartcity-test-").FullName;
        try
        {
            string id;
            await using (var server = await TestServer.StartAsync(directory))
            {
                id = await MendAsync(server);
            }
            await using var next = await TestServer.StartAsync(directory);
            using var watching = new FaultService.FaultServiceClient(next.Channel).WatchFaults(
                new WatchFaultsRequest(), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal((true, 0), await NextAsync(watching));
            var fault = (await AskAsync(next, "faults", "--state", "closed")).GetProperty("faults")[0];
            Assert.Equal(id, fault.GetProperty("faultId").GetString());
            Assert.Equal(
                ["ACKNOWLEDGE Li", "ASSIGN Li", "RESOLVE Wang", "CLOSE Li"],
                fault.GetProperty("actions").EnumerateArray().Select(action =>
                    $"{action.GetProperty("step").GetString()!["FAULT_STEP_".Length..]} {action.GetProperty("by").GetString()}"));
            await ReopenAsync(next, id);
            Assert.Equal((false, 1), await NextAsync(watching));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(bool Snapshot, int Open)> NextAsync(AsyncServerStreamingCall<WatchFaultsResponse> stream)
    {
        WatchFaultsResponse next;
        do
        {
            Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            next = stream.ResponseStream.Current;
        }
        while (!next.Snapshot && next.Faults.All(fault => fault.ClearedTime is not null));
        return (next.Snapshot, next.Faults.Count(fault => fault.ClearedTime is null));
    }

    private static async Task<string> MendAsync(TestServer server)
    {
        await server.ImportFirstPileAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await device.PublishAsync(Topic, Message(1, -60_000, "RAISED"));
        await server.SettledAsync(1);
        var open = (await AskAsync(server, "faults")).GetProperty("faults")[0];
        var id = open.GetProperty("faultId").GetString()!;
        Assert.Equal("FAULT_STATE_OPEN", open.GetProperty("state").GetString());

        var faults = new FaultService.FaultServiceClient(server.Channel);
        var early = await Assert.ThrowsAsync<RpcException>(async () => await faults.ResolveFaultAsync(
            new ResolveFaultRequest { FaultId = id, By = "Wang" }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.FailedPrecondition, early.StatusCode);
        Assert.Contains("it is OPEN. Acknowledge it first.", early.Status.Detail, StringComparison.Ordinal);

        await AskAsync(server, "fault", "ack", id, "--by", "Li");
        await AskAsync(server, "fault", "assign", id, "--by", "Li", "--to", "Wang");
        await AskAsync(server, "fault", "resolve", id, "--by", "Wang", "--note", "fuse replaced");
        var unconfirmed = await Assert.ThrowsAsync<RpcException>(async () => await faults.CloseFaultAsync(
            new CloseFaultRequest { FaultId = id, By = "Li" }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.FailedPrecondition, unconfirmed.StatusCode);
        await device.PublishAsync(Topic, Message(2, -1_000, "CLEARED"));
        await server.SettledAsync(2);
        var closed = await AskAsync(server, "fault", "close", id, "--by", "Li");
        Assert.Equal("FAULT_STATE_CLOSED", closed.GetProperty("state").GetString());
        return id;
    }

    private static async Task ReopenAsync(TestServer server, string earlier)
    {
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await device.PublishAsync(Topic, Message(3, 1_000, "RAISED"));
        JsonElement answer = default;
        await TestServer.EventuallyAsync(
            async () => (answer = await AskAsync(server, "faults", "--code", "201")).TryGetProperty("faults", out var found)
                && found.GetArrayLength() == 1,
            "the fault again");
        var again = answer.GetProperty("faults")[0];
        Assert.Equal("FAULT_STATE_REOPENED", again.GetProperty("state").GetString());
        Assert.Equal(earlier, again.GetProperty("reopenedFrom").GetString());
    }

    private static string Message(int seq, int milliseconds, string word)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + milliseconds;
        return $$"""{"boot":"b","seq":{{seq}},"records":[{"time":{{time}},"port":3,"code":201,"event":"{{word}}"}]}""";
    }

    private static async Task<JsonElement> AskAsync(TestServer server, params string[] question)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var problems = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandLine.RunAsync(
            [.. question, "--server", server.GrpcAddress, "--output", "json"], output, problems, TestContext.Current.CancellationToken);
        Assert.True(code == 0, problems.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
