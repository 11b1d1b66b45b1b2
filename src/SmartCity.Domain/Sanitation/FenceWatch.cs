using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Follows one truck through its fixes and notes its stays inside the fences of points.</summary>
internal sealed class FenceWatch
{
    private readonly SanitationRules rules;
    private readonly List<Episode> open = [];
    private readonly List<Episode> found = [];

    private FenceWatch(TruckTrack track, SanitationRules rules) => (this.rules, Runs) = (rules, new StopRuns(track, rules));

    /// <summary>The stays, by their start.</summary>
    public IReadOnlyList<Episode> Episodes => found;

    public StopRuns Runs { get; }

    public static FenceWatch Of(TruckTrack track, FenceIndex index, SanitationRules rules)
    {
        var watch = new FenceWatch(track, rules);
        var fixes = track.Fixes;
        for (var i = 0; i < fixes.Length; i++)
        {
            ref readonly var fix = ref fixes[i];
            for (var e = watch.open.Count - 1; e >= 0; e--)
            {
                watch.Continue(watch.open[e], i, fix);
            }
            foreach (var fence in index.Near(fix.Lat, fix.Lon))
            {
                watch.Enter(fence, i, fix);
            }
        }
        return watch;
    }

    private void Continue(Episode episode, int index, in Fix fix)
    {
        var metres = episode.Fence.MetresTo(fix.Lat, fix.Lon);
        var isInside = metres <= episode.Fence.ExitRadiusM && episode.Fence.IsInForceAt(fix.Time);
        if (episode.OutsideSince is { } since && (!isInside || fix.Time - since > rules.OutsideMax))
        {
            episode.Left = since;
            open.Remove(episode);
        }
        else if (!isInside)
        {
            episode.OutsideSince = fix.Time;
        }
        else if (fix.Time - episode.Last > rules.HoleMax)
        {
            // Nobody knows where it was; what follows is another stay, even if only within the hysteresis.
            open.Remove(episode);
            Add(Begin(episode.Fence), index, fix, metres);
        }
        else
        {
            episode.OutsideSince = null;
            Add(episode, index, fix, metres);
        }
    }

    private void Enter(Fence fence, int index, in Fix fix)
    {
        // Cheaper than a distance, and true for almost every fix in the cell.
        if (Math.Abs(fix.Lat - fence.Point.Location.Lat) * Geo.MetresPerDegree > fence.Point.RadiusM)
        {
            return;
        }
        var metres = fence.MetresTo(fix.Lat, fix.Lon);
        if (metres <= fence.Point.RadiusM && fence.IsInForceAt(fix.Time) && !open.Exists(e => ReferenceEquals(e.Fence, fence)))
        {
            Add(Begin(fence), index, fix, metres);
        }
    }

    private Episode Begin(Fence fence)
    {
        var episode = new Episode(fence);
        found.Add(episode);
        open.Add(episode);
        return episode;
    }

    private void Add(Episode episode, int index, in Fix fix, double metres)
    {
        var run = -1;
        if (fix.SpeedKmh <= rules.StoppedMaxKmh)
        {
            run = Runs.RunOf(index);
            Runs.Touch(run, episode.Fence);
        }
        episode.Sightings.Add(new Sighting(index, fix.Time, (float)metres, run));
    }
}
