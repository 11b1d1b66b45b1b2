using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Registry;
using SmartCity.Server.Settings;
using SmartCity.Tests.EndToEnd;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

/// <summary>The service over a real channel.</summary>
public abstract class RegistryServiceContract(SharedPostgres? postgres) : RegistryContract(postgres)
{
    private WebApplication? server;
    private GrpcChannel? channel;

    private SmartCity.Protocol.V1.RegistryService.RegistryServiceClient Client => new(channel);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Configuration.AddInMemoryCollection([new("DataDirectory", Path.GetDirectoryName(folder.File))]);
        builder.Services.AddSingleton<TimeProvider>(folder.Clock);
        builder.Services.AddGrpc(options => options.Interceptors.Add<GrpcErrors>());
        builder.Services.AddSingleton<GrpcErrors>();
        builder.Services.Configure<RegistryOptions>(options => options.ConnectionString = folder.ConnectionString);
        builder.Services.AddRegistry(builder.Configuration);
        server = builder.Build();
        server.MapGrpcService<SmartCity.Server.Api.Registry.RegistryService>();
        await server.StartAsync(Cancellation);
        channel = GrpcChannel.ForAddress(server.Urls.First());
    }

    public override async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<ImportAssetsResponse> ImportAsync(AssetKind kind, string csv, bool dryRun = false) =>
        await Client.ImportAssetsAsync(
            new ImportAssetsRequest { Kind = kind, Content = csv, DryRun = dryRun }, cancellationToken: Cancellation);

    [Fact]
    public async Task An_imported_asset_can_be_got_listed_and_exported()
    {
        Assert.Equal(4, (await ImportAsync(AssetKind.Area, AreasCsv)).Added);
        await ImportAsync(AssetKind.Pile, "id,compound_id,ports,rated_port_power_w,vendor\np1,jiangwan,10,800,谷");
        var got = await Client.GetAssetAsync(new GetAssetRequest { Kind = AssetKind.Pile, Id = "p1" }, cancellationToken: Cancellation);
        Assert.Equal(
            new Pile
            {
                Name = "p1", CompoundId = "jiangwan", Kind = PileKind.EbikeAc, Ports = 10, RatedPortPowerW = 800, ReportIntervalS = 180,
                Vendor = "谷",
            },
            got.Asset.Pile);
        Assert.Equal(At("2026-05-10").ToDateTimeOffset(), got.Asset.ValidFrom.ToDateTimeOffset());
        Assert.InRange(got.Asset.RecordedTime.ToDateTimeOffset() - folder.Clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromMilliseconds(5));

        var export = await Client.ExportAssetsAsync(new ExportAssetsRequest { Kind = AssetKind.Pile }, cancellationToken: Cancellation);
        Assert.Equal(
            "id,name,compound_id,kind,ports,rated_port_power_w,report_interval_s,vendor,model,lat,lon,valid_from,valid_until\r\n"
                + "p1,p1,jiangwan,EBIKE_AC,10,800,180,谷,,,,2026-05-10,\r\n",
            export.Content);
        var json = await Client.ExportAssetsAsync(new ExportAssetsRequest { Format = AssetFormat.Json }, cancellationToken: Cancellation);
        var again = await Client.ImportAssetsAsync(
            new ImportAssetsRequest { Format = AssetFormat.Json, Content = json.Content }, cancellationToken: Cancellation);
        Assert.Equal(new ImportAssetsResponse { Unchanged = 5 }, again);
    }

    [Fact]
    public async Task Every_kind_comes_over_the_wire()
    {
        await ImportAsync(AssetKind.Area, AreasCsv);
        await ImportAsync(AssetKind.Route, "id,name,district_id\nr,东线,220204");
        await ImportAsync(AssetKind.Truck, "id,plate,district_id,route_id,tracked\nt,吉B12345,220204,r,false");
        await ImportAsync(AssetKind.Point, "id,compound_id,lat,lon,households\nk,jiangwan,43.84,126.55,300");
        await ImportAsync(AssetKind.Bin, "id,point_id,epc,volume_l\nb,k,E200,240");
        await ImportAsync(AssetKind.Window, "id,start_local,end_local\nNOON,11:00,14:00");
        await ImportAsync(AssetKind.Assignment, "id,point_id,window_key,route_id,weekdays,sequence\na,k,NOON,r,135,7");

        Assert.Equal(
            new Area { Kind = AreaKind.Compound, Name = "江湾小区", ParentId = "dongju", GridId = "grid-7" },
            (await GetAsync(AssetKind.Area, "jiangwan")).Area);
        Assert.Equal(new Route { Name = "东线", DistrictId = "220204" }, (await GetAsync(AssetKind.Route, "r")).Route);
        Assert.Equal(
            new TruckAsset { Plate = "吉B12345", DistrictId = "220204", RouteId = "r", PositionIntervalS = 30 },
            (await GetAsync(AssetKind.Truck, "t")).Truck);
        Assert.Equal(
            new CollectionPoint
            {
                Name = "k", CompoundId = "jiangwan", Location = new GeoPoint { Lat = 43.84, Lon = 126.55 }, RadiusM = 40, MinDwellS = 30,
                Households = 300,
            },
            (await GetAsync(AssetKind.Point, "k")).Point);
        Assert.Equal(new Bin { PointId = "k", Epc = "E200", VolumeL = 240 }, (await GetAsync(AssetKind.Bin, "b")).Bin);
        Assert.Equal(
            new CollectionWindow
            {
                Key = "NOON", StartLocal = "11:00", EndLocal = "14:00", TimeZone = "Asia/Shanghai", LateGraceS = 900, AcceptBeforeS = 3600,
                AcceptAfterS = 7200,
            },
            (await GetAsync(AssetKind.Window, "NOON")).Window);
        Assert.Equal(
            new Assignment { PointId = "k", WindowKey = "NOON", RouteId = "r", Weekdays = "135", Sequence = 7 },
            (await GetAsync(AssetKind.Assignment, "a")).Assignment);
    }

    [Fact]
    public async Task A_list_comes_in_pages_and_shows_the_present_unless_asked_otherwise()
    {
        await ImportAsync(AssetKind.Area, AreasCsv);
        await ImportAsync(
            AssetKind.Pile,
            "id,compound_id,ports,valid_from,valid_until\nold,jiangwan,1,2026-01-01,2026-02-01\nnew,jiangwan,2,,");
        Assert.Equal(["new"], await ListAsync(new ListAssetsRequest { Kind = AssetKind.Pile }));
        Assert.Equal(["new", "old"], await ListAsync(new ListAssetsRequest { Kind = AssetKind.Pile, AllVersions = true }));
        Assert.Equal(["old"], await ListAsync(new ListAssetsRequest
        {
            Kind = AssetKind.Pile, ValidAt = Timestamp.FromDateTimeOffset(At("2026-01-15").ToDateTimeOffset()),
        }));
        Assert.Equal(
            ["220204", "dongju", "grid-7", "jiangwan"], await ListAsync(new ListAssetsRequest { Kind = AssetKind.Area, PageSize = 3 }));
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        Assert.Equal(new ImportAssetsResponse { Added = 4 }, await ImportAsync(AssetKind.Area, AreasCsv, dryRun: true));
        Assert.Empty(await ListAsync(new ListAssetsRequest { Kind = AssetKind.Area }));
    }

    [Fact]
    public async Task Every_problem_of_a_file_is_a_field_violation()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ImportAsync(AssetKind.Pile, "id,compound_id,ports\np,none,1\nq,none,65"));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var violations = error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations;
        Assert.Equal(["content: row 2 compound_id", "content: row 3 ports"], violations.Select(v => v.Field).Order());
        Assert.Contains(violations, v => v.Description.StartsWith("There is no compound 'none'.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_problems_than_a_header_holds_are_cut_and_it_says_so()
    {
        var rows = string.Concat(Enumerable.Range(0, 100).Select(i => $"p{i},none,1\n"));
        var error = await Assert.ThrowsAsync<RpcException>(() => ImportAsync(AssetKind.Pile, "id,compound_id,ports\n" + rows));
        var violations = error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations;
        Assert.InRange(violations.Sum(v => v.Field.Length + v.Description.Length), 1_000, 5_000);
        Assert.StartsWith("There are more problems", violations[^1].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_registered_is_not_found()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => GetAsync(AssetKind.Pile, "x"));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains("There is no pile 'x'", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AssetKind.Unspecified, AssetFormat.Csv, "kind")]
    [InlineData((AssetKind)257, AssetFormat.Csv, "kind")]
    [InlineData(AssetKind.Pile, (AssetFormat)9, "format")]
    public async Task A_request_that_names_no_kind_or_format_is_refused(AssetKind kind, AssetFormat format, string field)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.ExportAssetsAsync(
            new ExportAssetsRequest { Kind = kind, Format = format }, cancellationToken: Cancellation));
        Assert.Equal(field, error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single().Field);
    }

    private async Task<Asset> GetAsync(AssetKind kind, string id) =>
        (await Client.GetAssetAsync(new GetAssetRequest { Kind = kind, Id = id }, cancellationToken: Cancellation)).Asset;

    private async Task<List<string>> ListAsync(ListAssetsRequest request)
    {
        var ids = new List<string>();
        do
        {
            var page = await Client.ListAssetsAsync(request, cancellationToken: Cancellation);
            ids.AddRange(page.Assets.Select(a => a.Id));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return ids;
    }
}

/// <summary>In a file.</summary>
public sealed class RegistryServiceOnSqliteTests() : RegistryServiceContract(null);

/// <summary>In a database of a real server.</summary>
public sealed class RegistryServiceOnPostgresTests(SharedPostgres postgres) : RegistryServiceContract(postgres);
