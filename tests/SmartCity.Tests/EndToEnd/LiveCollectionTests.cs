using System.Globalization;
using Grpc.Core;
using SmartCity.Cli;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Collection while it goes on, through the real server, broker and command line. The window lasts all of this service
/// day, so that the hour of the test does not matter.</summary>
public sealed class LiveCollectionTests
{
    private const string Assets =
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District","validFrom":"2026-01-01"},
                  {"id":"north","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204","validFrom":"2026-01-01"},
                  {"id":"garden","kind":"COMPOUND","name":"Garden","parentId":"north","validFrom":"2026-01-01"}],
         "routes":[{"id":"R","name":"Route","districtId":"220204","validFrom":"2026-01-01"}],
         "trucks":[{"id":"T-1","plate":"JI-B1","districtId":"220204","routeId":"R","validFrom":"2026-01-01"}],
         "points":[{"id":"point-1","name":"East gate","compoundId":"garden","location":{"lat":43.84,"lon":126.55},
                    "validFrom":"2026-01-01"},
                   {"id":"point-2","name":"West gate","compoundId":"garden","location":{"lat":43.84,"lon":126.56},
                    "validFrom":"2026-01-01"}],
         "windows":[{"id":"w1","key":"DAY","startLocal":"BEGIN","endLocal":"BEGIN",
                     "validFrom":"TODAY","validUntil":"TOMORROW"}],
         "assignments":[{"id":"a1","pointId":"point-1","windowKey":"DAY","routeId":"R","sequence":1,"validFrom":"2026-01-01"},
                        {"id":"a2","pointId":"point-2","windowKey":"DAY","sequence":1,"validFrom":"2026-01-01"}]}
        """;

    private static async Task<TestServer> OpenAsync(string? folder = null)
    {
        var server = await TestServer.StartAsync(folder);
        // It began half a day ago, whenever that is: neither its beginning nor its end comes during the test.
        var begin = TimeZoneInfo.ConvertTime(
            TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).DateTime.AddHours(-12);
        // What begins before 03:00 belongs to the service date before.
        var date = DateOnly.FromDateTime(begin.AddHours(-3));
        await server.ImportAsync(Assets.Replace("TODAY", $"{date:yyyy-MM-dd}", StringComparison.Ordinal)
            .Replace("TOMORROW", $"{date.AddDays(1):yyyy-MM-dd}", StringComparison.Ordinal)
            .Replace("BEGIN", $"{begin:HH}:00", StringComparison.Ordinal));
        return server;
    }

    private static async Task<string> RunAsync(TestServer server, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            [.. args, "--server", server.GrpcAddress], output, error, TestContext.Current.CancellationToken);
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }

    private static async Task DriveAsync(TestServer server, TestDevice truck, double lat, int secondsAgo, double speed = 18.5)
    {
        var before = (await server.StatusAsync()).MessagesReceived;
        var time = TimeProvider.System.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeMilliseconds();
        await truck.PublishAsync(
            "smartcity/v1/220204/truck/T-1/position",
            string.Create(CultureInfo.InvariantCulture, $$"""
            {"records":[{"time":{{time}},"lat":{{lat}},"lon":126.55,"speedKmh":{{speed}},"fixValid":true}]}
            """));
        await server.SettledAsync(before + 1);
    }

    [Fact]
    public async Task What_is_at_risk_changes_with_what_is_seen_of_the_truck()
    {
        await using var server = await OpenAsync();
        var client = new SanitationService.SanitationServiceClient(server.Channel);
        var silent = await client.ListAtRiskAsync(new ListAtRiskRequest { IncludeOnTrack = true });
        Assert.Equal(
            [("point-1", RiskCause.Silent), ("point-2", RiskCause.NoTruck)],
            silent.Obligations.Select(r => (r.Obligation.PointId, r.Outlook.Cause)).Order());
        Assert.All(silent.Obligations, r => Assert.Null(r.Outlook.Eta));

        await using var truck = await TestDevice.ConnectAsync(server.MqttPort, "T-1");
        await DriveAsync(server, truck, 43.85, 5);
        var seen = await client.ListAtRiskAsync(
            new ListAtRiskRequest { IncludeOnTrack = true, Scope = new Scope { CompoundIds = { "garden" } } });
        var coming = seen.Obligations.Single(r => r.Obligation.PointId == "point-1").Outlook;
        Assert.Equal((EtaMethod.Distance, 1112), (coming.Method, (int)Math.Round(coming.Trucks[0].DistanceM)));
        // 1112 m at 15 km/h.
        Assert.Equal(267, (coming.Eta.ToDateTimeOffset() - seen.Quality.AsOf.ToDateTimeOffset()).TotalSeconds, 1.0);
        var table = await RunAsync(server, "at-risk");
        Assert.Contains("UNKNOWN 无法预计", table, StringComparison.Ordinal);
        Assert.Contains("nearest T-1", table, StringComparison.Ordinal);
        Assert.Contains("No truck is assigned, and none drives its route.", table, StringComparison.Ordinal);
        Assert.Contains("2 collections are open, at risk or not.", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watcher_is_told_of_a_collection_and_goes_on_after_a_restart_of_the_server()
    {
        var folder = Directory.CreateTempSubdirectory("smartcity-watch-").FullName;
        try
        {
            string token;
            await using (var first = await OpenAsync(folder))
            {
                using var watch = new SanitationService.SanitationServiceClient(first.Channel).WatchObligations(
                    new WatchObligationsRequest { Scope = new Scope { PointIds = { "point-1" } } },
                    cancellationToken: TestContext.Current.CancellationToken);
                var snapshot = await NextAsync(watch);
                Assert.Equal((true, Verdict.Pending), (snapshot.Snapshot, Assert.Single(snapshot.Changes).Obligation.Verdict));
                token = snapshot.ResumeToken;
                await using var truck = await TestDevice.ConnectAsync(first.MqttPort, "T-1");
                await DriveAsync(first, truck, 43.84, 90, speed: 0);
                await DriveAsync(first, truck, 43.84, 30, speed: 0);
                var served = await NextAsync(watch);
                var change = Assert.Single(served.Changes);
                Assert.Equal(
                    (false, Verdict.Pending, Verdict.OnTime, ChangeCause.Telemetry),
                    (served.Snapshot, change.VerdictBefore, change.Obligation.Verdict, change.Change.Cause));
                Assert.Contains("Truck T-1 served it at", change.Change.Reason, StringComparison.Ordinal);
            }
            await using var second = await TestServer.StartAsync(folder);
            using var resumed = new SanitationService.SanitationServiceClient(second.Channel).WatchObligations(
                new WatchObligationsRequest { Scope = new Scope { PointIds = { "point-1" } }, ResumeToken = token },
                cancellationToken: TestContext.Current.CancellationToken);
            // What came seconds before the token, such as the import, may come once more.
            var again = await NextAsync(resumed);
            Assert.Equal((false, Verdict.OnTime), (again.Snapshot, Assert.Single(again.Changes).Obligation.Verdict));
            var lines = await RunAsync(second, "watch", "obligations", "--updates", "1");
            Assert.Contains("ON_TIME 按时, not final", lines, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_watcher_sees_a_truck_drive_and_goes_on_where_it_stopped()
    {
        await using var server = await OpenAsync();
        var client = new SanitationService.SanitationServiceClient(server.Channel);
        var request = new WatchTrucksRequest { Scope = new Scope { TruckIds = { "T-1" } } };
        await using var device = await TestDevice.ConnectAsync(server.MqttPort, "T-1");
        using (var watch = client.WatchTrucks(request, cancellationToken: TestContext.Current.CancellationToken))
        {
            var snapshot = await NextAsync(watch);
            Assert.True(snapshot.Snapshot);
            Assert.True(Assert.Single(snapshot.Trucks) is { TruckId: "T-1", Stale: true, Position: null });
            request.ResumeToken = snapshot.ResumeToken;
            await DriveAsync(server, device, 43.85, 60);
            AssertAt(43.85, "", await NextAsync(watch));
            await DriveAsync(server, device, 43.84, 5, speed: 0);
            AssertAt(43.84, "point-1", await NextAsync(watch));
        }
        using (var resumed = client.WatchTrucks(request, cancellationToken: TestContext.Current.CancellationToken))
        {
            AssertAt(43.84, "point-1", await NextAsync(resumed));
        }
        request.Scope.TruckIds.Clear();
        using (var other = client.WatchTrucks(request, cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.True((await NextAsync(other)).Snapshot);
        }
        request.ResumeToken = "x";
        using var nonsense = client.WatchTrucks(request, cancellationToken: TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(() => NextAsync(nonsense));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("43.84000,126.55000", await RunAsync(server, "watch", "trucks", "--updates", "1"), StringComparison.Ordinal);
    }

    private static void AssertAt(double lat, string point, WatchTrucksResponse update)
    {
        var truck = Assert.Single(update.Trucks);
        Assert.Equal((false, lat, point, false), (update.Snapshot, truck.Position.Lat, truck.PointId, truck.Stale));
    }

    private static async Task<T> NextAsync<T>(AsyncServerStreamingCall<T> stream)
    {
        Assert.True(await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        return stream.ResponseStream.Current;
    }
}
