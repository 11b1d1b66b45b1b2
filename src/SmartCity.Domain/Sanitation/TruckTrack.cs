using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Where a truck was at one moment.</summary>
/// <param name="SpeedKmh">As measured, else as the way from the fix before implies; not a number when neither is known.</param>
internal readonly record struct Fix(Instant Time, double Lat, double Lon, float SpeedKmh)
{
    public GeoPoint Place => new(Lat, Lon);
}

/// <summary>The usable fixes of one truck, in order of time.</summary>
public sealed class TruckTrack
{
    private readonly Fix[] fixes;

    private TruckTrack(string truckId, Fix[] fixes, Instant? latestReceived) =>
        (TruckId, this.fixes, LatestReceived) = (truckId, fixes, latestReceived);

    /// <summary>The truck.</summary>
    public string TruckId { get; }

    /// <summary>How many fixes are usable.</summary>
    public int Count => fixes.Length;

    /// <summary>When the newest position was received, usable or not; null without any.</summary>
    public Instant? LatestReceived { get; }

    internal ReadOnlySpan<Fix> Fixes => fixes;

    /// <summary>Sorts a truck's positions, removes copies and leaves out what cannot be used.</summary>
    /// <param name="positions">Of this truck only, in any order, copies allowed. The list is sorted in place.</param>
    /// <param name="evaluation">Nothing after this moment exists.</param>
    public static TruckTrack Of(string truckId, List<PositionRecord> positions, SanitationRules rules, Instant evaluation)
    {
        if (!IsSorted(positions))
        {
            positions.Sort(Compare);
        }
        var fixes = new Fix[positions.Count];
        var count = 0;
        Instant? latest = null;
        foreach (ref readonly var position in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(positions))
        {
            latest = latest is { } l ? Instant.Later(l, position.Stamp.Received) : position.Stamp.Received;
            if (position.Stamp.Time > evaluation || !CouldBeUsed(position, rules))
            {
                continue;
            }
            var speed = (float)(position.SpeedKmh ?? double.NaN);
            if (count > 0 && !Follows(fixes[count - 1], position, rules, ref speed))
            {
                continue;
            }
            fixes[count++] = new Fix(position.Stamp.Time, position.Lat, position.Lon, speed);
        }
        Array.Resize(ref fixes, count);
        return new TruckTrack(truckId, fixes, latest);
    }

    /// <summary>The usable fix nearest in time, the earlier on a tie; null when none is near enough.</summary>
    internal Fix? NearestTo(Instant at, TimeSpan within)
    {
        var after = IndexAtOrAfter(at);
        Fix? nearest = null;
        if (after > 0 && at - fixes[after - 1].Time <= within)
        {
            nearest = fixes[after - 1];
        }
        if (after < fixes.Length && fixes[after].Time - at <= within
            && (nearest is not { } before || fixes[after].Time - at < at - before.Time))
        {
            nearest = fixes[after];
        }
        return nearest;
    }

    /// <summary>The index of the first fix that is not before a moment; the count when all are.</summary>
    internal int IndexAtOrAfter(Instant at)
    {
        var (low, high) = (0, fixes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = fixes[middle].Time < at ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static bool CouldBeUsed(in PositionRecord position, SanitationRules rules) =>
        position.FixValid != false && (position.Lat != 0 || position.Lon != 0)
        && !(position.AccuracyM > rules.AccuracyMaxM) && (position.Stamp.Flags & StampFlags.Undatable) == 0;

    /// <summary>Whether a truck could have come from the fix before; implies the speed where it was not measured. A copy of the
    /// fix before does not follow it.</summary>
    private static bool Follows(in Fix before, in PositionRecord position, SanitationRules rules, ref float speed)
    {
        var metres = Geo.Metres(before.Lat, before.Lon, position.Lat, position.Lon);
        var hours = (position.Stamp.Time - before.Time).TotalHours;
        if (hours <= 0)
        {
            return false;
        }
        var implied = metres / 1000 / hours;
        // Over a long hole the mean speed says nothing about whether the truck stands now.
        if (float.IsNaN(speed) && position.Stamp.Time - before.Time <= rules.HoleMax)
        {
            speed = (float)implied;
        }
        return implied <= rules.ImpliedSpeedMaxKmh;
    }

    private static bool IsSorted(List<PositionRecord> positions)
    {
        var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(positions);
        for (var i = 1; i < span.Length; i++)
        {
            // Equal stamps need the full comparison: two contents may share one number.
            if (Stamp.Compare(span[i - 1].Stamp, span[i].Stamp) >= 0)
            {
                return false;
            }
        }
        return true;
    }

    private static int Compare(PositionRecord a, PositionRecord b)
    {
        var order = Stamp.Compare(a.Stamp, b.Stamp);
        order = order != 0 ? order : a.Lat.CompareTo(b.Lat);
        order = order != 0 ? order : a.Lon.CompareTo(b.Lon);
        return order != 0 ? order : Nullable.Compare(a.SpeedKmh, b.SpeedKmh);
    }
}
