using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;
using RpcStatus = Google.Rpc.Status;

namespace SmartCity.Server.Api;

/// <summary>The only place where exceptions become gRPC statuses. A unary call without deadline gets one, and a stream ends
/// when the server begins to stop: whoever watches would hold it up otherwise.</summary>
internal sealed partial class GrpcErrors(
    TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<GrpcErrors> logger) : Interceptor
{
    /// <summary>How long a unary call may take whose client set no deadline.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    private const int TextMax = 1_000;
    private const string ErrorDomain = "smartcity";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (context.Deadline != DateTime.MaxValue)
        {
            return await GuardAsync(context, () => continuation(request, context));
        }
        using var timer = new CancellationTokenSource(DefaultDeadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, context.CancellationToken);
        var limited = new LimitedCall(context, either.Token);
        return await GuardAsync(limited, () => continuation(request, limited), timer.Token);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(context, call => continuation(request, responseStream, call));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        StreamAsync(context, call => continuation(requestStream, responseStream, call));

    private async Task StreamAsync(ServerCallContext context, Func<ServerCallContext, Task> stream)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            lifetime.ApplicationStopping, context.CancellationToken);
        var limited = new LimitedCall(context, either.Token);
        await GuardAsync(limited, async () =>
        {
            await stream(limited);
            return true;
        });
    }

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call, CancellationToken deadline = default)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not RpcException)
        {
            var late = deadline.IsCancellationRequested || clock.GetUtcNow().UtcDateTime >= context.Deadline;
            var status = StatusOf(e, context, late, lifetime.ApplicationStopping.IsCancellationRequested);
            if (status.Code == (int)StatusCode.Internal)
            {
                Log.Failed(logger, context.Method, e);
            }
            throw status.ToRpcException();
        }
    }

    private static RpcStatus StatusOf(Exception e, ServerCallContext context, bool late, bool stopping) => e switch
    {
        InvalidQueryException invalid => Status(
            StatusCode.InvalidArgument, invalid.Message, "INVALID_FIELD",
            new BadRequest
            {
                FieldViolations =
                {
                    invalid.Violations.Select(v => new BadRequest.Types.FieldViolation
                    {
                        Field = v.Field, Description = Shorten(v.Problem),
                    }),
                },
            }),
        NotFoundException missing => Status(
            StatusCode.NotFound, missing.Message, "NOT_FOUND",
            new ResourceInfo { ResourceType = missing.Kind, ResourceName = Shorten(missing.Id) }),
        WrongStateException wrong => Status(
            StatusCode.FailedPrecondition, wrong.Message, "WRONG_STATE",
            new PreconditionFailure
            {
                Violations =
                {
                    new PreconditionFailure.Types.Violation
                    {
                        Type = "STATE", Subject = $"{wrong.Kind}/{Shorten(wrong.Id)}", Description = Shorten(wrong.Message),
                    },
                },
            }),
        LimitReachedException => Status(StatusCode.ResourceExhausted, e.Message, "LIMIT_REACHED", null),
        StoreUnavailableException or JournalUnavailableException => Status(StatusCode.Unavailable, e.Message, "STORE_UNAVAILABLE", null),
        OperationCanceledException when late => Status(
            StatusCode.DeadlineExceeded,
            "The answer took longer than the deadline. Ask for a shorter period or a smaller scope, or set a longer deadline.",
            "DEADLINE", null),
        OperationCanceledException when stopping => Status(
            StatusCode.Unavailable, "The server is stopping. Try again when it is back.", "STOPPING", null),
        ClientGoneException => Status(StatusCode.Cancelled, e.Message, "CANCELLED", null),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Status(
            StatusCode.Cancelled, "The client went away.", "CANCELLED", null),
        _ => Status(
            StatusCode.Internal, "The server failed to answer; its log has the reason. Report it if it happens again.",
            "INTERNAL", null),
    };

    private static RpcStatus Status(StatusCode code, string message, string reason, IMessage? detail)
    {
        var status = new RpcStatus
        {
            Code = (int)code,
            Message = Shorten(message),
            Details = { Any.Pack(new ErrorInfo { Domain = ErrorDomain, Reason = reason }) },
        };
        if (detail is not null)
        {
            status.Details.Add(Any.Pack(detail));
        }
        return status;
    }

    // It travels in a header, and clients refuse long ones.
    private static string Shorten(string text) => text.Length <= TextMax ? text : text[..TextMax] + "...";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} failed")]
        public static partial void Failed(ILogger logger, string method, Exception e);
    }
}
