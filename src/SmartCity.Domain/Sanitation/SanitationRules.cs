namespace SmartCity.Domain.Sanitation;

/// <summary>Every number the verdicts depend on that is not a property of a window, a point or a truck. The defaults are
/// explained in docs/sanitation.md.</summary>
public sealed record SanitationRules
{
    /// <summary>The rules as delivered.</summary>
    public static SanitationRules Default { get; } = new();

    /// <summary>Local time at which a service day starts; a window that starts before it belongs to the date before.</summary>
    public TimeOnly ServiceDayStart { get; init; } = new(3, 0);

    /// <summary>Fixes less accurate than this are not used, m.</summary>
    public double AccuracyMaxM { get; init; } = 100;

    /// <summary>A fix that would have needed a higher speed since the one before is not used, km/h.</summary>
    public double ImpliedSpeedMaxKmh { get; init; } = 120;

    /// <summary>How far beyond the fence a truck has to be to have left, m.</summary>
    public double ExitMarginM { get; init; } = 25;

    /// <summary>One fix outside for longer than this means that the truck left; two fixes do so at once.</summary>
    public TimeSpan OutsideMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>At most this fast is stopped, km/h.</summary>
    public double StoppedMaxKmh { get; init; } = 5;

    /// <summary>Episodes at a point are one visit when their fixes inside are less than this apart.</summary>
    public TimeSpan MergeGap { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>A longer hole between fixes inside, or between loose evidence, ends a visit.</summary>
    public TimeSpan HoleMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The next fix after a single stopped one has to be outside at least this much later.</summary>
    public TimeSpan SingleStopMin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Evidence this close in time to a visit's fixes belongs to the visit.</summary>
    public TimeSpan EvidenceJoin { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Evidence without a position is where its truck was at most this much earlier or later.</summary>
    public TimeSpan EvidenceFixMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Evidence from further away does not count, m.</summary>
    public double EvidenceMaxM { get; init; } = 65;

    /// <summary>A smaller change of weight is noise, kg.</summary>
    public double NetMinKg { get; init; } = 3;

    /// <summary>A confirmation or picture taken further away does not count, m.</summary>
    public double CaptureMaxM { get; init; } = 150;

    /// <summary>A bin was emptied when its fill falls by at least this, 0..1.</summary>
    public double FillDropMin { get; init; } = 0.3;

    /// <summary>... and to at most this, 0..1.</summary>
    public double FillAfterMax { get; init; } = 0.2;

    /// <summary>Two readings of a bin further apart do not tell when it was emptied.</summary>
    public TimeSpan FillSpanMax { get; init; } = TimeSpan.FromMinutes(90);

    /// <summary>A visit that meets two windows is split at a hole of at least this length.</summary>
    public TimeSpan SplitHoleMin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A gap between fixes is blind above this many position intervals of the truck. What can hide in it, the way to
    /// the point and on says.</summary>
    public double BlindIntervals { get; init; } = 2;

    /// <summary>A shorter gap is never blind, however often the truck reports. Above 0 it can hide a visit.</summary>
    public TimeSpan BlindMin { get; init; } = TimeSpan.Zero;

    /// <summary>The same for a gap between two fixes of a parked truck, which reports less often.</summary>
    public TimeSpan BlindParked { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Nobody is told that a truck is silent before this, however often it reports: messages take their time.</summary>
    public TimeSpan SilentMin { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How close the two fixes of a parked truck are, m.</summary>
    public double ParkedMaxM { get; init; } = 100;

    /// <summary>How fast an unseen truck may have driven, in a straight line, km/h.</summary>
    public double UnseenSpeedKmh { get; init; } = 60;

    /// <summary>A bin counts as lifted completely when this share of a point's bins was lifted, 0..1.</summary>
    public double FullShare { get; init; } = 0.9;

    /// <summary>An excuse declared later than this after the cutoff needs a supervisor.</summary>
    public TimeSpan SupervisorAfter { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How long after its cutoff a verdict becomes final.</summary>
    public TimeSpan FinalAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How much is read and watched before the first and after the last window asked about. A stay that is longer is
    /// cut there.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromHours(24);
}
