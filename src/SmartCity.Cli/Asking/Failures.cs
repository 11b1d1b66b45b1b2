using System.CommandLine;
using System.Net;
using System.Text;
using Google.Rpc;
using Grpc.Core;

namespace SmartCity.Cli.Asking;

/// <summary>What went wrong, in a sentence that says what to do.</summary>
internal static class Failures
{
    public static string Sentence(RpcException failure, ParseResult parsed)
    {
        var server = parsed.GetValue(CommonOptions.Server)!;
        if (SpeaksNoGrpc(failure.Status.DebugException))
        {
            return $"smartcity: {server} does not speak gRPC. Name the gRPC port with --server: 5081 by default, where the web page "
                + "has 5080.";
        }
        if (failure.StatusCode == StatusCode.Unavailable && failure.Status.DebugException is not null)
        {
            return $"smartcity: No answer from {server}. Is the server running? Start it, or name another with --server.";
        }
        var zone = Moments.Zone(parsed.GetValue(CommonOptions.TimeZone)!);
        var violations = failure.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations ?? [];
        // The status may tell the first one already.
        var told = violations.FirstOrDefault(v => failure.Status.Detail == $"{v.Field}: {v.Description}");
        var detail = told is null ? FieldWords.Translated(failure.Status.Detail, zone) : Line(told, zone);
        var text = new StringBuilder("smartcity: ").Append(Lead(failure.StatusCode, detail, server));
        foreach (var violation in violations.Where(violation => violation != told))
        {
            text.AppendLine().Append("  ").Append(Line(violation, zone));
        }
        return text.ToString();
    }

    private static string Line(BadRequest.Types.FieldViolation violation, TimeZoneInfo zone) =>
        $"{FieldWords.Of(violation.Field)}: {FieldWords.Translated(violation.Description, zone)}";

    private static string Lead(StatusCode code, string detail, string server) => code switch
    {
        StatusCode.InvalidArgument => $"The server refused the question: {detail}",
        StatusCode.NotFound => $"Not found: {detail}",
        StatusCode.FailedPrecondition => detail,
        StatusCode.DeadlineExceeded => $"{server} took too long to answer. Ask for less, or see `smartcity ingest`.",
        StatusCode.Cancelled => "Stopped.",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => $"The server does not allow this: {detail}",
        StatusCode.Unimplemented => $"{server} does not know this question. Is it a SmartCity server of this version?",
        StatusCode.Unavailable => $"The server cannot answer now: {detail} Try again later.",
        _ => $"The server failed ({code}): {detail}",
    };

    // Something answers there, but not in HTTP/2.
    private static bool SpeaksNoGrpc(Exception? cause) => cause switch
    {
        null => false,
        HttpRequestException { HttpRequestError: HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse
            or HttpRequestError.VersionNegotiationError } => true,
        HttpProtocolException or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => true,
        _ => SpeaksNoGrpc(cause.InnerException),
    };
}
