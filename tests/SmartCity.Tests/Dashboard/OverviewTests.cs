using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Dashboard;

/// <summary>The page that shows the city at one look.</summary>
public sealed class OverviewTests
{
    [Fact]
    public async Task A_question_that_fails_says_so_and_leaves_the_others_on_the_page()
    {
        await using var server = await TestServer.StartAsync(
            configure: services => services.AddSingleton(new FaultService.FaultServiceClient(new Refusing())));
        await server.ImportFirstPileAsync();
        using var browser = new HttpClient();

        var html = await browser.GetStringAsync(new Uri(server.WebAddress));

        Assert.Contains("(ResourceExhausted: too much was asked for)", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("class=\"problem\"").Length); // The faults' panel only.
        Assert.Contains("P-1/10", html, StringComparison.Ordinal);
        Assert.Contains("Utilization, last 7 days", html, StringComparison.Ordinal);
    }

    private sealed class Refusing : CallInvoker
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            var status = new Status(StatusCode.ResourceExhausted, "too much was asked for");
            return new AsyncUnaryCall<TResponse>(
                Task.FromException<TResponse>(new RpcException(status)), Task.FromResult(Metadata.Empty), () => status,
                () => Metadata.Empty, () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();
    }
}
