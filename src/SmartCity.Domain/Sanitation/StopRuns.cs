using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>
/// The stops of one truck: runs of successive stopped fixes that stay in one place. Where fences overlap, a stop is at the nearest
/// of their points, or at the one whose bin was lifted meanwhile.
/// </summary>
internal sealed class StopRuns(TruckTrack track, SanitationRules rules)
{
    private readonly List<Run> runs = [];
    private readonly Dictionary<(int Run, Fence Fence), (double Metres, int Fixes)> contested = [];

    /// <summary>The run that a stopped fix belongs to. Fixes come in order.</summary>
    public int RunOf(int fixIndex)
    {
        var fixes = track.Fixes;
        ref readonly var fix = ref fixes[fixIndex];
        if (runs.Count > 0)
        {
            var last = runs[^1];
            if (last.LastFix == fixIndex)
            {
                return runs.Count - 1;
            }
            ref readonly var start = ref fixes[last.FirstFix];
            if (last.LastFix == fixIndex - 1 && fix.Time - fixes[last.LastFix].Time <= rules.HoleMax
                && Geo.Metres(start.Lat, start.Lon, fix.Lat, fix.Lon) <= rules.ExitMarginM)
            {
                last.LastFix = fixIndex;
                return runs.Count - 1;
            }
        }
        runs.Add(new Run { FirstFix = fixIndex, LastFix = fixIndex });
        return runs.Count - 1;
    }

    /// <summary>A fix of a run lies inside a fence.</summary>
    public void Touch(int run, Fence fence)
    {
        var it = runs[run];
        it.IsContested |= it.Owner is not null && !ReferenceEquals(it.Owner, fence);
        it.Owner ??= fence;
    }

    /// <summary>Decides every stop inside several fences.</summary>
    /// <param name="lifted">For a span of time, the points whose bins were lifted in it.</param>
    public void Decide(IReadOnlyList<Episode> episodes, Func<Instant, Instant, IReadOnlySet<string>> lifted)
    {
        foreach (var episode in episodes)
        {
            foreach (var sighting in episode.Sightings)
            {
                if (sighting.Run >= 0 && runs[sighting.Run].IsContested)
                {
                    var key = (sighting.Run, episode.Fence);
                    var (metres, fixes) = contested.GetValueOrDefault(key);
                    contested[key] = (metres + sighting.Metres, fixes + 1);
                }
            }
        }
        foreach (var stop in contested.GroupBy(c => c.Key.Run))
        {
            var run = runs[stop.Key];
            var points = lifted(track.Fixes[run.FirstFix].Time, track.Fixes[run.LastFix].Time);
            run.Owner = stop.OrderByDescending(s => points.Contains(s.Key.Fence.Point.Id))
                .ThenBy(s => s.Value.Metres / s.Value.Fixes)
                .ThenBy(s => s.Key.Fence.Point.Id, StringComparer.Ordinal).First().Key.Fence;
        }
    }

    /// <summary>Whether a sighting is a stop at the point of its own fence.</summary>
    public bool IsStopAt(in Sighting sighting, Fence fence) =>
        sighting.Run >= 0 && ReferenceEquals(runs[sighting.Run].Owner, fence);

    /// <summary>The point at which the truck stood at a moment; null while it drove, or stood elsewhere.</summary>
    public Fence? StopAt(Instant at)
    {
        var (low, high) = (0, runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = track.Fixes[runs[middle].FirstFix].Time <= at ? (middle + 1, high) : (low, middle);
        }
        return low > 0 && track.Fixes[runs[low - 1].LastFix].Time >= at ? runs[low - 1].Owner : null;
    }

    private sealed class Run
    {
        public required int FirstFix { get; init; }

        public required int LastFix { get; set; }

        public Fence? Owner { get; set; }

        public bool IsContested { get; set; }
    }
}
