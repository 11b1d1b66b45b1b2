using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SmartCity.Cli;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class FailureTests
{
    [Fact]
    public async Task A_server_that_does_not_run_is_one_clear_sentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop(); // Now nobody listens there.

        var run = await RunAsync("ports", "--server", address);

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Equal(
            $"smartcity: No answer from {address}. Is the server running? Start it, or name another with --server.",
            run.Error.TrimEnd());
    }

    [Fact]
    public async Task A_refused_question_shows_which_field_is_wrong()
    {
        await using var city = await CannedCity.StartAsync();
        var violation = new BadRequest.Types.FieldViolation { Field = "period.until", Description = "at most 366 days" };
        var status = new Google.Rpc.Status
        {
            Code = (int)Code.InvalidArgument,
            Message = "The period is too long.",
            Details = { Any.Pack(new BadRequest { FieldViolations = { violation } }) },
        };
        city.Answering<GetUtilizationRequest>(_ => throw status.ToRpcException());

        var run = await city.RunAsync("utilization");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Equal(
            "smartcity: The server refused the question: The period is too long.\n  period.until: at most 366 days\n",
            run.Error.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "Not found: no obligation X")]
    [InlineData(StatusCode.Unavailable, "The server cannot answer now: no obligation X Try again later.")]
    [InlineData(StatusCode.PermissionDenied, "The server does not allow this: no obligation X")]
    [InlineData(StatusCode.Internal, "The server failed (Internal): no obligation X")]
    public async Task A_failure_says_what_it_was(StatusCode code, string sentence)
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ExplainObligationRequest>(_ => throw CannedCity.Failure(code, "no obligation X"));

        var run = await city.RunAsync("explain", "X");

        Assert.Equal((1, $"smartcity: {sentence}{Environment.NewLine}"), (run.Code, run.Error));
    }

    [Theory]
    [InlineData("Required command was not provided")]
    [InlineData("'tree'", "tree")]
    [InlineData("obligation", "explain")]
    [InlineData("'--piles'", "ports", "--piles", "P-1")]
    [InlineData("'burning' is none of available, plugged", "ports", "--status", "burning")]
    [InlineData("'week-day' is none of port, pile", "utilization", "--group-by", "week-day")]
    [InlineData("'window' is none of port, pile", "utilization", "--group-by", "window")]
    [InlineData("'xml' is none of table, json, csv", "ports", "--output", "xml")]
    [InlineData("--limit must be 1 to 1000000, got 0", "ports", "--limit", "0")]
    [InlineData("--last: '3x' is no span", "utilization", "--last", "3x")]
    [InlineData("Give --from or --last, not both", "utilization", "--last", "3d", "--from", "2026-11-01")]
    [InlineData("--from must be before --until", "utilization", "--from", "2026-11-02", "--until", "2026-11-02")]
    [InlineData("--from: 'monday' is no time", "utilization", "--from", "monday")]
    [InlineData("--as-of: '2026-13-01' is no time", "utilization", "--as-of", "2026-13-01")]
    [InlineData("--date: '22.11.' is no date", "compliance", "--date", "22.11.")]
    [InlineData("not both", "compliance", "--date", "2026-11-22", "--first", "2026-11-01")]
    [InlineData("--first must not be after --last-date", "compliance", "--first", "2026-11-02", "--last-date", "2026-11-01")]
    [InlineData("--time-zone: 'Mars/Base' is not known", "ports", "--time-zone", "Mars/Base")]
    [InlineData("--server: 'here' is no address", "ports", "--server", "here")]
    [InlineData("Name the kind of asset", "assets", "list")]
    [InlineData("take --format json", "assets", "export")]
    [InlineData("must end in .csv or .json", "assets", "import", "piles.xls")]
    [InlineData("cannot be read", "assets", "import", "/does/not/exist.json")]
    [InlineData("Name what to replay", "dead-letters", "replay")]
    public async Task A_command_line_that_makes_no_sense_is_explained(string expected, params string[] args)
    {
        var run = await RunAsync(args);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.StartsWith("smartcity: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private static async Task<Run> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return new Run(code, output.ToString(), error.ToString());
    }
}
