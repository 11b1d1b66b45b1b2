using SmartCity.Domain.Registry;
using static SmartCity.Storage.Registry.Files.AssetForm;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Areas and what stands in them.</summary>
internal static class PlaceForms
{
    public static AssetForm Area { get; } = new(
        AssetKind.Area, "areas",
        [
            Column<Area>("kind", a => Words.Write(a.Kind)), Column<Area>("name", a => a.Name),
            Column<Area>("parent_id", a => a.ParentId), Column<Area>("grid_id", a => a.GridId),
        ],
        [], ReadArea);

    public static AssetForm Pile { get; } = new(
        AssetKind.Pile, "piles",
        [
            Column<Pile>("name", p => p.Name), Column<Pile>("compound_id", p => p.CompoundId),
            Column<Pile>("kind", p => Words.Write(p.Kind)), Column<Pile>("ports", p => p.Ports),
            Column<Pile>("rated_port_power_w", p => p.RatedPortPowerW),
            Column<Pile>("report_interval_s", p => p.ReportInterval.TotalSeconds), Column<Pile>("vendor", p => p.Vendor),
            Column<Pile>("model", p => p.Model), Column<Pile>("lat", p => p.Location?.Lat),
            Column<Pile>("lon", p => p.Location?.Lon),
        ],
        ["crs"], ReadPile);

    public static AssetForm Point { get; } = new(
        AssetKind.Point, "points",
        [
            Column<CollectionPoint>("name", p => p.Name), Column<CollectionPoint>("compound_id", p => p.CompoundId),
            Column<CollectionPoint>("lat", p => p.Location.Lat), Column<CollectionPoint>("lon", p => p.Location.Lon),
            Column<CollectionPoint>("radius_m", p => p.RadiusM),
            Column<CollectionPoint>("min_dwell_s", p => p.MinDwell.TotalSeconds),
            Column<CollectionPoint>("households", p => p.Households),
        ],
        ["crs"], ReadPoint);

    public static AssetForm Bin { get; } = new(
        AssetKind.Bin, "bins",
        [Column<Bin>("point_id", b => b.PointId), Column<Bin>("epc", b => b.Epc), Column<Bin>("volume_l", b => b.VolumeL)],
        [], ReadBin);

    private static Area ReadArea(AssetFields row)
    {
        var id = row.Id();
        var kind = row.RequiredWord<AreaKind>("kind", "It is one of DISTRICT, SUBDISTRICT, COMPOUND, GRID.");
        var parent = row.OptionalId("parent_id");
        if (parent is null && kind is AreaKind.Subdistrict)
        {
            row.Missing("parent_id", "Give the district that the subdistrict lies in.");
        }
        else if (parent is null && kind is AreaKind.Compound or AreaKind.Grid)
        {
            row.Missing("parent_id", "Give the subdistrict that it lies in.");
        }
        else if (parent is not null && kind is AreaKind.District)
        {
            row.Wrong("parent_id", "A district lies in no other area. Leave it empty.", parent);
        }
        var grid = row.OptionalId("grid_id");
        if (grid is not null && kind is not AreaKind.Compound)
        {
            row.Wrong("grid_id", "Only a compound lies in a grid. Leave it empty.", grid);
        }
        return new Area(id, row.Validity(LocalDays.City), kind, row.Text("name") ?? id, parent, grid);
    }

    private static Pile ReadPile(AssetFields row)
    {
        var id = row.Id();
        var ports = row.Has("ports")
            ? row.Integer("ports", 1, 64) ?? 1
            : row.Missing("ports", "Give how many there are: 1 to 64.", 1);
        return new Pile(
            id, row.Validity(LocalDays.City), row.Text("name") ?? id, row.Id("compound_id"),
            row.Word<PileKind>("kind") ?? PileKind.EbikeAc, ports, row.Number("rated_port_power_w", 1, 400_000),
            row.Seconds("report_interval_s", 180, 1, 86_400), row.Text("vendor"), row.Text("model"), row.Position());
    }

    private static CollectionPoint ReadPoint(AssetFields row)
    {
        var id = row.Id();
        var at = row.Position()
            ?? row.Missing("lat", "A collection point needs its position: lat and lon in degrees.", default(GeoPoint));
        return new CollectionPoint(
            id, row.Validity(LocalDays.City), row.Text("name") ?? id, row.Id("compound_id"), at,
            row.Number("radius_m", 5, 1_000) ?? 40, row.Seconds("min_dwell_s", 30, 0, 3_600),
            row.Integer("households", 0, 1_000_000) ?? 0);
    }

    private static Bin ReadBin(AssetFields row) => new(
        row.Id(), row.Validity(LocalDays.City), row.Id("point_id"),
        row.Text("epc") ?? row.Missing("epc", "Give the code of the bin's RFID tag."), row.Number("volume_l", 1, 50_000));
}
