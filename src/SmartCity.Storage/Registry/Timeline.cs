using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry;

/// <summary>All versions of one asset: oldest first and not overlapping.</summary>
internal static class Timeline
{
    /// <summary>
    /// What is registered once a file was imported. The file decides from its first <c>valid_from</c> on: what was registered
    /// before that stays, and ends there at the latest. If the file's last version ends, what was planned to begin at or after
    /// that end stays, too.
    /// </summary>
    /// <param name="registered">The versions that are known, oldest first.</param>
    /// <param name="imported">The file's versions, oldest first, not overlapping, at least one.</param>
    public static List<IAsset> Overlay(IReadOnlyList<IAsset> registered, IReadOnlyList<IAsset> imported)
    {
        var from = imported[0].Validity.From;
        var until = imported[^1].Validity.Until;
        var before = registered.Where(v => v.Validity.From < from).Select(v => v.Validity.Until is { } end && end <= from
            ? v
            : v.During(v.Validity with { Until = from }));
        var after = registered.Where(v => until is { } end && v.Validity.From >= end);
        // A plan keeps its own beginning, even when it says the same: the same file once more must find it again.
        return [.. Joined(before.Concat(imported)), .. after];
    }

    /// <summary>Whether two spans have an instant in common.</summary>
    public static bool Overlap(Validity a, Validity b) =>
        a.From < (b.Until ?? Instant.Max) && b.From < (a.Until ?? Instant.Max);

    private static List<IAsset> Joined(IEnumerable<IAsset> versions)
    {
        var joined = new List<IAsset>();
        foreach (var version in versions)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.Validity.Until == version.Validity.From
                && last.During(version.Validity).Equals(version))
            {
                joined[^1] = last.During(new Validity(last.Validity.From, version.Validity.Until));
            }
            else
            {
                joined.Add(version);
            }
        }
        return joined;
    }
}
