using System.Text;
using Google.Rpc;
using Grpc.Core;

namespace SmartCity.Cli.Asking;

/// <summary>What went wrong, in a sentence that says what to do.</summary>
internal static class Failures
{
    public static string Sentence(RpcException failure, string server)
    {
        if (failure.StatusCode == StatusCode.Unavailable && failure.Status.DebugException is not null)
        {
            return $"smartcity: No answer from {server}. Is the server running? Start it, or name another with --server.";
        }
        var text = new StringBuilder("smartcity: ").Append(Lead(failure, server));
        foreach (var violation in failure.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations ?? [])
        {
            // The status tells the first one already.
            if (failure.Status.Detail == $"{violation.Field}: {violation.Description}")
            {
                continue;
            }
            text.AppendLine().Append("  ").Append(violation.Field).Append(": ").Append(violation.Description);
        }
        return text.ToString();
    }

    private static string Lead(RpcException failure, string server) => failure.StatusCode switch
    {
        StatusCode.InvalidArgument => $"The server refused the question: {failure.Status.Detail}",
        StatusCode.NotFound => $"Not found: {failure.Status.Detail}",
        StatusCode.FailedPrecondition => failure.Status.Detail,
        StatusCode.DeadlineExceeded => $"{server} took too long to answer. Ask for less, or see `smartcity ingest`.",
        StatusCode.Cancelled => "Stopped.",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => $"The server does not allow this: {failure.Status.Detail}",
        StatusCode.Unimplemented => $"{server} does not know this question. Is it a SmartCity server of this version?",
        StatusCode.Unavailable => $"The server cannot answer now: {failure.Status.Detail} Try again later.",
        _ => $"The server failed ({failure.StatusCode}): {failure.Status.Detail}",
    };
}
