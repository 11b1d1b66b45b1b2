using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Faults;

/// <summary>One line for all faults of an incident: whoever reads a list need not count them.</summary>
internal static class IncidentLines
{
    /// <summary>The faults with each incident in the place of its first one.</summary>
    public static IReadOnlyList<Fault> Fold(IReadOnlyList<Fault> faults)
    {
        var members = faults.Where(IsMember).ToLookup(fault => fault.IncidentId, StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        var lines = new List<Fault>();
        foreach (var fault in faults)
        {
            if (!IsMember(fault))
            {
                lines.Add(fault);
            }
            else if (told.Add(fault.IncidentId))
            {
                lines.Add(LineOf([.. members[fault.IncidentId]]));
            }
        }
        return lines;
    }

    /// <summary>How to see the piles.</summary>
    public static IEnumerable<string> Notes(IEnumerable<Fault> lines) => lines.Any(line => IsMember(line) && line.PileId.Length == 0)
        ? ["The OFFLINE faults of an incident are one line; smartcity incidents tells more, --output csv has all."]
        : [];

    private static bool IsMember(Fault fault) => fault.IncidentId.Length > 0;

    private static Fault LineOf(List<Fault> members)
    {
        var line = members[0].Clone();
        line.PileId = "";
        line.FaultId = line.IncidentId;
        line.CodeName += $", incident of {Say.Count(members.Count)} faults";
        line.RaisedTime = members.Min(m => m.RaisedTime);
        line.ClearedTime = members.Exists(m => m.ClearedTime is null) ? null : members.Max(m => m.ClearedTime);
        line.DurationSeconds = members.Max(m => m.DurationSeconds);
        line.State = members.TrueForAll(m => m.State == line.State) ? line.State : FaultState.Unspecified;
        line.Assignee = members.TrueForAll(m => m.Assignee == line.Assignee) ? line.Assignee : "";
        return line;
    }
}
