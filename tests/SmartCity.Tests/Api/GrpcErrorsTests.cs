using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Api;

public sealed class GrpcErrorsTests
{
    public static TheoryData<Exception, StatusCode, string> Failures => new()
    {
        { new InvalidQueryException("scope", "no"), StatusCode.InvalidArgument, "INVALID_FIELD" },
        { new NotFoundException("pile", "p9", "List them."), StatusCode.NotFound, "NOT_FOUND" },
        { new LimitReachedException("full"), StatusCode.ResourceExhausted, "LIMIT_REACHED" },
        { new StoreUnavailableException("away"), StatusCode.Unavailable, "STORE_UNAVAILABLE" },
        { new InvalidOperationException("secret"), StatusCode.Internal, "INTERNAL" },
        { new OperationCanceledException("secret"), StatusCode.Internal, "INTERNAL" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Each_kind_of_failure_has_its_status_and_reason(Exception failure, StatusCode code, string reason)
    {
        await using var host = await ApiHost.StartAsync(new Failing(_ => throw failure));

        var e = await Assert.ThrowsAsync<RpcException>(async () => await AskAsync(host));

        var info = e.GetRpcStatus()!.GetDetail<ErrorInfo>();
        Assert.Equal((code, reason, "smartcity"), (e.StatusCode, info.Reason, info.Domain));
        Assert.DoesNotContain("secret", e.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(code == StatusCode.Internal ? 1 : 0, host.Log.Errors.Count(error => error.Exception == failure));
    }

    [Fact]
    public async Task A_bad_field_is_named_with_what_is_wrong()
    {
        await using var host = await ApiHost.StartAsync(new Failing(_ => throw new InvalidQueryException("a.b", "is odd")));

        var e = await Assert.ThrowsAsync<RpcException>(async () => await AskAsync(host));

        var violation = Assert.Single(e.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations);
        Assert.Equal(("a.b", "is odd"), (violation.Field, violation.Description));
    }

    [Fact]
    public async Task A_call_without_deadline_gets_one()
    {
        var clock = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using var host = await ApiHost.StartAsync(new Failing(async cancellation =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }), clock);

        var call = AskAsync(host);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(30));
        var e = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task A_stream_that_fails_has_its_status_too()
    {
        await using var host = await ApiHost.StartAsync(new Failing(_ => throw new StoreUnavailableException("away")));
        using var stream = new ChargingService.ChargingServiceClient(host.Channel).WatchPorts(new WatchPortsRequest());

        var e = await Assert.ThrowsAsync<RpcException>(
            async () => await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        Assert.Equal((StatusCode.Unavailable, "away"), (e.StatusCode, e.Status.Detail));
    }

    [Fact]
    public async Task A_long_text_is_cut_so_that_it_fits_a_header()
    {
        var failure = new InvalidQueryException("scope", new string('x', 50_000));
        await using var host = await ApiHost.StartAsync(new Failing(_ => throw failure));

        var e = await Assert.ThrowsAsync<RpcException>(async () => await AskAsync(host));

        Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
    }

    [Fact]
    public async Task Health_is_always_answered()
    {
        await using var host = await ApiHost.StartAsync(new Failing(_ => Task.CompletedTask));

        var health = await new Health.HealthClient(host.Channel).CheckAsync(
            new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    private static async Task<ListPortsResponse> AskAsync(ApiHost host) =>
        await new ChargingService.ChargingServiceClient(host.Channel).ListPortsAsync(
            new ListPortsRequest(), cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Failing(Func<CancellationToken, Task> act) : ChargingService.ChargingServiceBase
    {
        public override async Task<ListPortsResponse> ListPorts(ListPortsRequest request, ServerCallContext context)
        {
            await act(context.CancellationToken);
            return new ListPortsResponse();
        }

        public override Task WatchPorts(
            WatchPortsRequest request, IServerStreamWriter<WatchPortsResponse> responseStream, ServerCallContext context) =>
            act(context.CancellationToken);
    }
}
