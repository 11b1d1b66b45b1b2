using System.CommandLine;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Asking;

/// <summary>Which assets a question is about: any that one of the options names; the whole city without one.</summary>
internal static class ScopeOptions
{
    private static readonly Option<string[]> District = CommonOptions.Ids("--district", "In these districts 区.");
    private static readonly Option<string[]> Subdistrict = CommonOptions.Ids("--subdistrict", "In these subdistricts 街道.");
    private static readonly Option<string[]> Compound = CommonOptions.Ids("--compound", "In these compounds 小区.");
    private static readonly Option<string[]> Grid = CommonOptions.Ids("--grid", "In these grids 网格.");
    private static readonly Option<string[]> Pile = CommonOptions.Ids("--pile", "These piles.");
    private static readonly Option<string[]> Truck = CommonOptions.Ids("--truck", "These trucks.");
    private static readonly Option<string[]> Point = CommonOptions.Ids("--point", "These collection points.");

    private static readonly Option<string[]>[] Areas = [District, Subdistrict, Compound, Grid];

    public static readonly IReadOnlyList<Option> OfPiles = [.. Areas, Pile];
    public static readonly IReadOnlyList<Option> OfPoints = [.. Areas, Point];
    public static readonly IReadOnlyList<Option> OfTrucks = [.. Areas, Truck];
    public static readonly IReadOnlyList<Option> OfDevices = [.. Areas, Pile, Truck, Point];
    public static readonly IReadOnlyList<Option> OfVisits = [.. Areas, Truck, Point];

    public static Scope Read(ParseResult parsed)
    {
        // An option that the command does not take has no value.
        string[] Ids(Option<string[]> option) => parsed.GetResult(option)?.GetValueOrDefault<string[]>() ?? [];
        return new Scope
        {
            DistrictIds = { Ids(District) },
            SubdistrictIds = { Ids(Subdistrict) },
            CompoundIds = { Ids(Compound) },
            GridIds = { Ids(Grid) },
            PileIds = { Ids(Pile) },
            TruckIds = { Ids(Truck) },
            PointIds = { Ids(Point) },
        };
    }
}
