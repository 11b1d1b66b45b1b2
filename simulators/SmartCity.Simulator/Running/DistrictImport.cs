using System.Text;
using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Running;

/// <summary>Puts the simulated district into a server's registry, once.</summary>
internal sealed class DistrictImport(ChannelBase server)
{
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(60);
    private readonly RegistryService.RegistryServiceClient registry = new(server);

    /// <summary>Imports what is not there. Gives whether it did.</summary>
    /// <exception cref="SimulatorException">The registry has a district of another seed.</exception>
    public async Task<bool> ImportAsync(DistrictPlan plan, TimeProvider clock, CancellationToken cancellation)
    {
        var last = plan.Points[^1];
        var present = await FindAsync(AssetKind.Point, last.Id, clock, cancellation);
        if (present is null)
        {
            await ImportAsync(DistrictJson.Write(plan), cancellation);
            return true;
        }
        var at = present.Point.Location;
        if (Math.Abs(at.Lat - last.Place.Lat) > 1e-5 || Math.Abs(at.Lon - last.Place.Lon) > 1e-5)
        {
            throw new SimulatorException(
                $"The server's registry has another {last.Id} than this seed makes. Give the --seed it was made with, or an "
                + "empty data directory.");
        }
        return false;
    }

    /// <summary>Registers the load devices as piles; the district is there.</summary>
    public Task ImportLoadPilesAsync(IReadOnlyList<string> ids, int ports, CancellationToken cancellation) =>
        ImportAsync(DistrictJson.WriteLoadPiles(ids, ports, DistrictPlan.DistrictId + "-C01"), cancellation);

    private async Task ImportAsync(byte[] json, CancellationToken cancellation) => await registry.ImportAssetsAsync(
        new ImportAssetsRequest { Format = AssetFormat.Json, Content = Encoding.UTF8.GetString(json) },
        cancellationToken: cancellation);

    private async Task<Asset?> FindAsync(AssetKind kind, string id, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            var options = new CallOptions(
                deadline: clock.GetUtcNow().UtcDateTime + StartWait, cancellationToken: cancellation).WithWaitForReady();
            return (await registry.GetAssetAsync(new GetAssetRequest { Kind = kind, Id = id }, options)).Asset;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
