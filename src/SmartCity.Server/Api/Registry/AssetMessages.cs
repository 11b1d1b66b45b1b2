using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using Route = SmartCity.Domain.Registry.Route;
using V1 = SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Registry;

/// <summary>Assets as the wire has them.</summary>
internal static class AssetMessages
{
    public static V1.Asset Of(RecordedAsset version)
    {
        var asset = version.Asset;
        var message = new V1.Asset
        {
            Id = asset.Id,
            ValidFrom = asset.Validity.From.ToTimestamp(),
            ValidUntil = asset.Validity.Until.ToTimestamp(),
            RecordedTime = version.RecordedAt.ToTimestamp(),
        };
        switch (asset)
        {
            case Area area: message.Area = Body(area); break;
            case Pile pile: message.Pile = Body(pile); break;
            case Truck truck: message.Truck = Body(truck); break;
            case Route route: message.Route = new V1.Route { Name = route.Name, DistrictId = route.DistrictId ?? "" }; break;
            case CollectionPoint point: message.Point = Body(point); break;
            case Bin bin: message.Bin = new V1.Bin { PointId = bin.PointId, Epc = bin.Epc, VolumeL = bin.VolumeL ?? 0 }; break;
            case CollectionWindow window: message.Window = Body(window); break;
            case Assignment assignment: message.Assignment = Body(assignment); break;
        }
        return message;
    }

    private static V1.Area Body(Area area) => new()
    {
        Kind = (V1.AreaKind)area.Kind,
        Name = area.Name,
        ParentId = area.ParentId ?? "",
        GridId = area.GridId ?? "",
    };

    private static V1.Pile Body(Pile pile)
    {
        var message = new V1.Pile
        {
            Name = pile.Name,
            CompoundId = pile.CompoundId,
            Kind = (V1.PileKind)pile.Kind,
            Ports = pile.Ports,
            ReportIntervalS = pile.ReportInterval.TotalSeconds,
            Vendor = pile.Vendor ?? "",
            Model = pile.Model ?? "",
            Location = pile.Location is { } at ? Place(at) : null,
        };
        if (pile.RatedPortPowerW is { } power)
        {
            message.RatedPortPowerW = power;
        }
        return message;
    }

    private static V1.TruckAsset Body(Truck truck) => new()
    {
        Plate = truck.Plate,
        DistrictId = truck.DistrictId ?? "",
        RouteId = truck.RouteId ?? "",
        Tracked = truck.Tracked,
        PositionIntervalS = truck.PositionInterval.TotalSeconds,
    };

    private static V1.CollectionPoint Body(CollectionPoint point) => new()
    {
        Name = point.Name,
        CompoundId = point.CompoundId,
        Location = Place(point.Location),
        RadiusM = point.RadiusM,
        MinDwellS = point.MinDwell.TotalSeconds,
        Households = point.Households,
    };

    private static V1.CollectionWindow Body(CollectionWindow window) => new()
    {
        Key = window.Key,
        StartLocal = AssetText.Time(window.Start),
        EndLocal = AssetText.Time(window.End),
        TimeZone = window.TimeZone,
        EarlyToleranceS = (int)window.EarlyTolerance.TotalSeconds,
        LateGraceS = (int)window.LateGrace.TotalSeconds,
        AcceptBeforeS = (int)window.AcceptBefore.TotalSeconds,
        AcceptAfterS = (int)window.AcceptAfter.TotalSeconds,
    };

    private static V1.Assignment Body(Assignment assignment) => new()
    {
        PointId = assignment.PointId,
        WindowKey = assignment.WindowKey,
        RouteId = assignment.RouteId ?? "",
        TruckId = assignment.TruckId ?? "",
        Weekdays = AssetText.Weekdays(assignment.Weekdays),
        Sequence = assignment.Sequence,
    };

    private static V1.GeoPoint Place(GeoPoint at) => new() { Lat = at.Lat, Lon = at.Lon };
}
