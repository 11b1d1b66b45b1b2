using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Ctrl-C is not held up by whoever watches.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_server_that_is_watched_stops_at_once_and_tells_the_watchers_to_come_back()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        using var channel = GrpcChannel.ForAddress(server.GrpcAddress);
        var client = new ChargingService.ChargingServiceClient(channel);
        var cancellation = TestContext.Current.CancellationToken;
        await TestServer.EventuallyAsync(async () => await AnswersAsync(client), "an answer");
        List<AsyncServerStreamingCall<WatchPortsResponse>> watches =
            [.. Enumerable.Range(0, 3).Select(_ => client.WatchPorts(new WatchPortsRequest(), cancellationToken: cancellation))];
        foreach (var watch in watches)
        {
            Assert.True(await watch.ResponseStream.MoveNext(cancellation));
        }

        var began = Stopwatch.GetTimestamp();
        await server.StopAsync();
        var took = Stopwatch.GetElapsedTime(began);

        foreach (var watch in watches)
        {
            var e = await Assert.ThrowsAsync<RpcException>(async () => await watch.ResponseStream.MoveNext(cancellation));
            Assert.Equal((StatusCode.Unavailable, "The server is stopping. Try again when it is back."), (e.StatusCode, e.Status.Detail));
            watch.Dispose();
        }
        Assert.True(took < TimeSpan.FromSeconds(3.5), $"It took {took.TotalSeconds:0.0} s."); // 4 s when it waits for them.
    }

    private static async Task<bool> AnswersAsync(ChargingService.ChargingServiceClient client)
    {
        try
        {
            await client.ListPortsAsync(new ListPortsRequest());
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
