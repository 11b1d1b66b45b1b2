using Grpc.Core;

namespace SmartCity.Server.Api;

/// <summary>A call as it is, but cancelled by another token: a server cannot set the deadline of a call otherwise.</summary>
internal sealed class LimitedCall(ServerCallContext call, CancellationToken cancellation) : ServerCallContext
{
    protected override string MethodCore => call.Method;

    protected override string HostCore => call.Host;

    protected override string PeerCore => call.Peer;

    protected override DateTime DeadlineCore => call.Deadline;

    protected override Metadata RequestHeadersCore => call.RequestHeaders;

    protected override CancellationToken CancellationTokenCore => cancellation;

    protected override Metadata ResponseTrailersCore => call.ResponseTrailers;

    protected override Status StatusCore { get => call.Status; set => call.Status = value; }

    protected override WriteOptions? WriteOptionsCore { get => call.WriteOptions; set => call.WriteOptions = value; }

    protected override AuthContext AuthContextCore => call.AuthContext;

    // The framework takes the HTTP request of a call that is not of its own type from here.
    protected override IDictionary<object, object> UserStateCore
    {
        get
        {
            call.UserState.TryAdd("__HttpContext", call.GetHttpContext());
            return call.UserState;
        }
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        call.CreatePropagationToken(options);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) =>
        call.WriteResponseHeadersAsync(responseHeaders);
}
