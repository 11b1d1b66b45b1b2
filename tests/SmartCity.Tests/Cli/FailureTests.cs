using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
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
            "smartcity: The server refused the question: The period is too long.\n  --until: at most 366 days\n",
            run.Error.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("period", "is empty: from 2026-11-22T15:08:53.706Z is not before until 2026-11-22T15:00:00Z.",
        "the period (--from, --until, --last): is empty: from 2026-11-22 23:08:53 is not before until 2026-11-22 23:00:00.")]
    [InlineData("scope.pile_ids", "there is no pile 'x'. ListAssets (smartcity assets list) has the ids.",
        "--pile: there is no pile 'x'. smartcity assets list has the ids.")]
    [InlineData("decided_by", "Li made it.", "--by: Li made it.")]
    public async Task A_refusal_speaks_of_options_and_local_time(string field, string description, string expected)
    {
        await using var city = await CannedCity.StartAsync();
        var violation = new BadRequest.Types.FieldViolation { Field = field, Description = description };
        var status = new Google.Rpc.Status
        {
            Code = (int)Code.InvalidArgument,
            Message = $"{field}: {description}",
            Details = { Any.Pack(new BadRequest { FieldViolations = { violation } }) },
        };
        city.Answering<GetUtilizationRequest>(_ => throw status.ToRpcException());

        Assert.Equal($"smartcity: The server refused the question: {expected}", (await city.RunAsync("utilization")).Error.TrimEnd());
    }

    [Fact]
    public async Task A_server_that_speaks_no_grpc_is_told_with_the_right_port()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        await using var web = builder.Build();
        await web.StartAsync(TestContext.Current.CancellationToken);

        var run = await RunAsync("ports", "--server", web.Urls.Single());

        Assert.Equal(1, run.Code);
        Assert.EndsWith(
            "does not speak gRPC. Name the gRPC port with --server: 5081 by default, where the web page has 5080.",
            run.Error.TrimEnd(), StringComparison.Ordinal);
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
    [InlineData("--limit takes a whole number from 1 to 1,000,000, not '0'", "ports", "--limit", "0")]
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
    [InlineData("--ahead takes a whole number from 1 to 240, not 'abc'", "at-risk", "--ahead", "abc")]
    [InlineData("--target takes a number from 0.1 to 50, not '99'", "capacity", "--target", "99")]
    [InlineData("--code takes whole numbers", "faults", "--code", "abc")]
    [InlineData("--from: '0001-01-01' is out of reach. Write a year from 1900", "sessions", "--from", "0001-01-01")]
    [InlineData("--at: '25:00' is no time. Write 02:13,", "timeline", "P-1", "--at", "25:00")]
    [InlineData("--last: '24h' is not whole days. Write 7d or 2w", "compliance", "--last", "24h")]
    [InlineData("--longer-than: 30d is more than 7d", "overstays", "--longer-than", "30d")]
    [InlineData("shift-window needs --minutes", "exceptions", "declare", "shift-window", "--date", "2026-11-23", "--by", "Li",
        "--reason", "X")]
    [InlineData("--minutes takes a whole number from -1,440 to 1,440, not '5000'", "exceptions", "declare", "cancel", "--minutes",
        "5000")]
    [InlineData("Name the service dates: --date", "exceptions", "declare", "cancel", "--by", "Li", "--reason", "X")]
    [InlineData("'utilisation' is no command of smartcity. Did you mean utilization?", "utilisation", "--last", "7d")]
    [InlineData("'--piles' is no option of smartcity ports. Did you mean --pile?", "ports", "--piles", "P-1")]
    [InlineData("Option '--reason' is required", "exceptions", "reject", "x", "--by", "Li")]
    [InlineData("--from must be before", "sessions", "--from", "9990-01-01")]
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
