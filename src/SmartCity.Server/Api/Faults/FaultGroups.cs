using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;

namespace SmartCity.Server.Api.Faults;

/// <summary>The rows of fault statistics. Areas, piles and kinds divide the ports, too; codes and severities divide only the
/// faults, so each of their rows stands beside the time of all ports in scope.</summary>
internal sealed class FaultGroups(FaultGroupBy groupBy, IReadOnlyList<GroupName> pileGroups)
{
    private readonly SortedDictionary<int, int> byNumber = NumbersOf(groupBy);

    /// <summary>How piles are grouped for this.</summary>
    public static PileGrouping PilesBy(FaultGroupBy groupBy) => groupBy switch
    {
        FaultGroupBy.Unspecified or FaultGroupBy.Code or FaultGroupBy.Severity => PileGrouping.None,
        FaultGroupBy.Pile => PileGrouping.Pile,
        FaultGroupBy.Compound => PileGrouping.Compound,
        FaultGroupBy.Subdistrict => PileGrouping.Subdistrict,
        FaultGroupBy.District => PileGrouping.District,
        FaultGroupBy.Grid => PileGrouping.Grid,
        FaultGroupBy.PileKind => PileGrouping.Kind,
        FaultGroupBy.Port => PileGrouping.Port,
        _ => throw new InvalidQueryException(
            "group_by", $"{(int)groupBy} is not known. Give one of the names of FaultGroupBy, or leave it out."),
    };

    /// <summary>Whether rows are faults of one kind rather than parts of the city.</summary>
    public bool DividesFaults => groupBy is FaultGroupBy.Code or FaultGroupBy.Severity;

    /// <summary>How many there are.</summary>
    public int Count => DividesFaults ? byNumber.Count : pileGroups.Count;

    /// <summary>The row of what happened to a port (0: the pile) at a moment; null when that is out of scope or was not
    /// commissioned. One beyond the last is in the total only: among ports there is none for the whole pile.</summary>
    public int? Of(PileHistory history, PileGroups of, Instant at, int port, FaultCode code, Severity severity)
    {
        var version = history.VersionAt(at);
        return of.Of(version, 1) is not (>= 0 and var first) ? null : groupBy switch
        {
            FaultGroupBy.Code => byNumber[code.Number],
            FaultGroupBy.Severity => byNumber[(int)severity],
            FaultGroupBy.Port => history.HasPort(version, port) ? of.Of(version, port) : Count,
            _ => first,
        };
    }

    /// <summary>The row of <see cref="UtilizationTable"/> that has the port time of a group.</summary>
    public int TimeOf(int group) => DividesFaults ? 0 : group;

    /// <summary>The names of the groups, in their order.</summary>
    public IReadOnlyList<GroupName> Names => DividesFaults ? [.. byNumber.Keys.Select(NameOf)] : pileGroups;

    private GroupName NameOf(int number) => groupBy == FaultGroupBy.Code
        ? new GroupName(number.ToString(CultureInfo.InvariantCulture), FaultCode.Find(number).Name)
        : new GroupName(((Severity)number).ToString().ToUpperInvariant(), ((Severity)number).ToString().ToUpperInvariant());

    private static SortedDictionary<int, int> NumbersOf(FaultGroupBy groupBy)
    {
        IEnumerable<int> numbers = groupBy switch
        {
            FaultGroupBy.Code => FaultCode.All.Select(code => code.Number),
            FaultGroupBy.Severity => Enum.GetValues<Severity>().Select(severity => (int)severity),
            _ => [],
        };
        return new SortedDictionary<int, int>(numbers.Order().Select((number, place) => (number, place)).ToDictionary());
    }
}
