using Grpc.Core;
using SmartCity.Cli;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>People's decisions about collections through the real server, with its command line.</summary>
public sealed class DecisionsTests
{
    private const string Assets =
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District","validFrom":"2026-01-01"},
                  {"id":"north","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204","validFrom":"2026-01-01"},
                  {"id":"garden","kind":"COMPOUND","name":"Garden","parentId":"north","validFrom":"2026-01-01"}],
         "points":[{"id":"point-1","name":"East gate","compoundId":"garden","location":{"lat":43.84,"lon":126.55},
                    "validFrom":"2026-01-01"}],
         "windows":[{"id":"w1","key":"NOON","startLocal":"11:00","endLocal":"14:00","validFrom":"2026-01-01"}],
         "assignments":[{"id":"a1","pointId":"point-1","windowKey":"NOON","validFrom":"2026-01-01"}]}
        """;

    private static async Task<(int Code, string Out, string Error)> RunAsync(TestServer server, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            [.. args, "--server", server.GrpcAddress], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task An_exception_goes_from_its_declaration_through_a_restart_into_the_answers()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-decisions-").FullName;
        try
        {
            await using (var first = await TestServer.StartAsync(folder))
            {
                await first.ImportAsync(Assets);
                string[] declare =
                [
                    "exceptions", "declare", "cancel", "--date", "2098-11-23", "--point", "point-1", "--reason", "SNOW_EMERGENCY",
                    "--by", "Li", "--id", "snow",
                ];
                var declared = await RunAsync(first, declare);
                Assert.True(declared.Code == 0, declared.Error);
                Assert.Contains("Covers 1 collection: 1 cancelled.", declared.Out, StringComparison.Ordinal);
                Assert.Equal(declared.Out, (await RunAsync(first, declare)).Out);
                var own = await RunAsync(first, "exceptions", "approve", "snow", "--by", "Li");
                Assert.Equal(1, own.Code);
                Assert.Contains("Somebody else has to decide", own.Error, StringComparison.Ordinal);
                Assert.Equal(0, (await RunAsync(first, "exceptions", "approve", "snow", "--by", "Wang")).Code);
            }
            await using var second = await TestServer.StartAsync(folder);
            var compliance = await RunAsync(second, "compliance", "--date", "2098-11-23", "--output", "json");
            Assert.Contains("\"cancelled\": \"1\"", compliance.Out, StringComparison.Ordinal);
            var explained = await RunAsync(second, "explain", "point-1/2098-11-23/NOON");
            Assert.Contains("CANCELLED (取消): no collection was to take place.", explained.Out, StringComparison.Ordinal);
            Assert.Contains("APPROVE by Wang", explained.Out, StringComparison.Ordinal);
            Assert.Contains("Wang approved exception snow", explained.Out, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(second, "exceptions", "withdraw", "snow", "--by", "Li", "--reason", "It melted")).Code);
            Assert.Contains("snow WITHDRAWN 撤回", (await RunAsync(second, "exceptions", "list")).Out, StringComparison.Ordinal);
            Assert.Contains(
                "UPCOMING (未到时段)", (await RunAsync(second, "explain", "point-1/2098-11-23/NOON")).Out, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_collection_is_confirmed_and_a_supervisor_accepts_it()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportAsync(Assets);
        var yesterday = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(
            TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime).AddDays(-1);
        var id = $"point-1/{yesterday:yyyy-MM-dd}/NOON";
        string[] confirm = ["confirm", id, "--by", "Li", "--at", "12:30", "--note", "Saw it", "--id", "c1"];
        var entered = await RunAsync(server, confirm);
        Assert.True(entered.Code == 0, entered.Error);
        Assert.Contains("waits for a supervisor other than Li", entered.Out, StringComparison.Ordinal);
        Assert.Equal(entered.Out, (await RunAsync(server, confirm)).Out);
        Assert.Contains("UNDETERMINED", (await RunAsync(server, "explain", id)).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(server, "confirm", "accept", "c1", "--by", "Wang", "--supervisor")).Code);
        var explained = (await RunAsync(server, "explain", id)).Out;
        Assert.Contains(
            "ON_TIME (按时): yes. By people's word, somebody collected at 12:30:00, in time.", explained, StringComparison.Ordinal);
        Assert.Contains("shows it. Proof B: a supervisor accepted a confirmation or picture.", explained, StringComparison.Ordinal);
        Assert.Contains("Wang accepted confirmation c1 of Li.", explained, StringComparison.Ordinal);
        var obligations = await RunAsync(server, "obligations", "--date", $"{yesterday:yyyy-MM-dd}");
        Assert.Contains("ON_TIME", obligations.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_has_the_status_and_the_words_to_go_on_with()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportAsync(Assets);
        var client = new SanitationService.SanitationServiceClient(server.Channel);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.DeclareExceptionAsync(new DeclareExceptionRequest
        {
            ExceptionId = "x", Kind = ExceptionKind.Excuse, Reason = "VEHICLE_BREAKDOWN", WholeCity = true, FirstDate = "2098-11-23",
            DeclaredBy = "Li",
        }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        var missing = await Assert.ThrowsAsync<RpcException>(async () => await client.DecideExceptionAsync(
            new DecideExceptionRequest { ExceptionId = "x", Decision = Decision.Approve, DecidedBy = "Wang" }));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        var window = await RunAsync(server, "compliance", "--window", "FOO");
        Assert.Equal(1, window.Code);
        Assert.Contains("there is no window 'FOO'", window.Error, StringComparison.Ordinal);
        Assert.Contains("NOON", window.Error, StringComparison.Ordinal);
        var early = await RunAsync(server, "explain", "point-1/2098-11-23/NOON", "--as-of", "2026-01-01");
        Assert.Contains("the registry recorded it at", early.Error, StringComparison.Ordinal);
    }
}
