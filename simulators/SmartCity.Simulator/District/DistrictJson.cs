using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace SmartCity.Simulator.District;

/// <summary>Writes the district in the form that the registry's import takes. The same plan gives the same bytes.</summary>
internal static class DistrictJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.BasicLatin, UnicodeRanges.CjkUnifiedIdeographs),
    };

    private static readonly string ValidFrom =
        CityTime.Commissioned.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static byte[] Write(DistrictPlan plan) => Document(json =>
    {
        List(json, "areas", plan.Areas, a => a.Id, WriteArea);
        List(json, "piles", plan.Piles, p => p.Id, WritePile);
        List(json, "trucks", plan.Trucks, t => t.Id, WriteTruck);
        List(json, "routes", plan.Routes, r => r.Id, WriteRoute);
        List(json, "points", plan.Points, p => p.Id, WritePoint);
        List(json, "bins", plan.Points.SelectMany(p => p.Bins, (p, b) => (Point: p, Bin: b)), x => x.Bin.Id, WriteBin);
        List(json, "windows", plan.Windows, w => w.Key, WriteWindow);
        List(json, "assignments", Assignments(plan), a => $"{a.Point.Id}-{a.Window.Key}", WriteAssignment);
    });

    /// <summary>The devices of the load command: piles in a compound of the district.</summary>
    public static byte[] WriteLoadPiles(IReadOnlyList<string> ids, int ports, string compoundId) => Document(json =>
        List(json, "piles", ids, id => id, (j, id) => PileFields(j, id, compoundId, ports, DistrictPlan.Depot)));

    private static byte[] Document(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void List<T>(
        Utf8JsonWriter json, string name, IEnumerable<T> items, Func<T, string> id, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteString("id", id(item));
            json.WriteString("validFrom", ValidFrom);
            write(json, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static IEnumerable<(RoutePlan Route, PointPlan Point, WindowPlan Window, int Sequence)> Assignments(
        DistrictPlan plan) =>
        from route in plan.Routes
        from stop in route.Stops.Select((point, i) => (Point: point, Sequence: i + 1))
        from window in plan.Windows
        select (route, stop.Point, window, stop.Sequence);

    private static void WriteArea(Utf8JsonWriter json, AreaPlan area)
    {
        json.WriteString("kind", area.Level.ToString().ToUpperInvariant());
        json.WriteString("name", area.Name);
        WriteIfAny(json, "parentId", area.ParentId);
        WriteIfAny(json, "gridId", area.GridId);
    }

    private static void WritePile(Utf8JsonWriter json, PilePlan pile) =>
        PileFields(json, pile.Name, pile.CompoundId, Assumptions.PortsPerPile, pile.Place);

    private static void PileFields(Utf8JsonWriter json, string name, string compoundId, int ports, Place place)
    {
        json.WriteString("name", name);
        json.WriteString("compoundId", compoundId);
        json.WriteString("kind", "EBIKE_AC");
        json.WriteNumber("ports", ports);
        json.WriteNumber("ratedPortPowerW", Assumptions.RatedPortPowerW);
        json.WriteNumber("reportIntervalS", Assumptions.HeartbeatS);
        json.WriteString("vendor", "Simulated");
        json.WriteString("model", "SIM-10");
        WritePlace(json, place);
    }

    private static void WriteTruck(Utf8JsonWriter json, TruckPlan truck)
    {
        json.WriteString("plate", truck.Plate);
        json.WriteString("districtId", DistrictPlan.DistrictId);
        json.WriteString("routeId", truck.RouteId);
        json.WriteBoolean("tracked", true);
        json.WriteNumber("positionIntervalS", Assumptions.MovingFixS);
    }

    private static void WriteRoute(Utf8JsonWriter json, RoutePlan route)
    {
        json.WriteString("name", route.Name);
        json.WriteString("districtId", DistrictPlan.DistrictId);
    }

    private static void WritePoint(Utf8JsonWriter json, PointPlan point)
    {
        json.WriteString("name", point.Name);
        json.WriteString("compoundId", point.CompoundId);
        WritePlace(json, point.Place);
        json.WriteNumber("households", point.Households);
    }

    private static void WriteBin(Utf8JsonWriter json, (PointPlan Point, BinPlan Bin) item)
    {
        json.WriteString("pointId", item.Point.Id);
        json.WriteString("epc", item.Bin.Epc);
        json.WriteNumber("volumeL", item.Bin.VolumeL);
    }

    private static void WriteWindow(Utf8JsonWriter json, WindowPlan window)
    {
        json.WriteString("key", window.Key);
        json.WriteString("startLocal", Clock(window.StartMinute));
        json.WriteString("endLocal", Clock(window.EndMinute));
    }

    private static void WriteAssignment(
        Utf8JsonWriter json, (RoutePlan Route, PointPlan Point, WindowPlan Window, int Sequence) assignment)
    {
        json.WriteString("pointId", assignment.Point.Id);
        json.WriteString("windowKey", assignment.Window.Key);
        json.WriteString("routeId", assignment.Route.Id);
        json.WriteNumber("sequence", assignment.Sequence);
    }

    private static void WritePlace(Utf8JsonWriter json, Place place)
    {
        json.WriteStartObject("location");
        json.WriteNumber("lat", Math.Round(place.Lat, 6));
        json.WriteNumber("lon", Math.Round(place.Lon, 6));
        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string Clock(int minute) =>
        new TimeOnly(minute / 60, minute % 60).ToString("HH:mm", CultureInfo.InvariantCulture);
}
