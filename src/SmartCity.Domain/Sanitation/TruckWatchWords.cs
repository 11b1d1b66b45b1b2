using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Says in words whether a truck could have come without being seen.</summary>
internal static class TruckWatchWords
{
    /// <param name="stop">When it may have stood at the point where it was seen; null: never.</param>
    public static TruckWatch Of(Truck truck, Obligation obligation, BlindGaps gaps, PossibleStop? stop, ObligationPlan plan)
    {
        var chance = gaps.FindChance(obligation);
        return chance is null && stop is not null
            ? Of(stop, obligation, gaps.Track, plan)
            : new TruckWatch(
                truck.Id, truck.Tracked, chance is not null, chance?.Before?.Time, chance?.After?.Time,
                Reason(truck, obligation, gaps.Track, chance, plan.Rules), FixesIn(obligation, gaps.Track));
    }

    /// <summary>What is known of a truck that was seen at the point too seldom to tell whether it stood there.</summary>
    public static TruckWatch Of(PossibleStop stop, Obligation obligation, TruckTrack track, ObligationPlan plan)
    {
        var clock = new LocalWords(obligation);
        var seen = stop.FirstInside == stop.LastInside ? $"at {clock.Of(stop.FirstInside)}"
            : $"from {clock.Of(stop.FirstInside)} to {clock.Of(stop.LastInside)}";
        var between = (stop.Before, stop.After) switch
        {
            ({ } before, { } after) => $"between its positions of {clock.Of(before.Time)} and {clock.Of(after.Time)}",
            ({ } before, null) => $"after its position of {clock.Of(before.Time)}",
            (null, { } after) => $"before its position of {clock.Of(after.Time)}",
            _ => "at that time",
        };
        return new TruckWatch(
            stop.TruckId, true, true, stop.Before?.Time, stop.After?.Time,
            $"{TruckNames.Of(plan.Registry, stop.TruckId, stop.FirstInside)} was at the point {seen}, and its positions are too far "
                + $"apart to tell a stop from a pass: {between} it may have stood there for "
                + $"{LocalWords.Of(stop.TimeIn(obligation))}, and a collection takes {Seconds(obligation)} s.",
            FixesIn(obligation, track));
    }

    private static int FixesIn(Obligation obligation, TruckTrack track) =>
        track.IndexAtOrAfter(obligation.AcceptUntil) - track.IndexAtOrAfter(obligation.AcceptFrom);

    private static string Reason(Truck truck, Obligation obligation, TruckTrack track, BlindGap? chance, SanitationRules rules)
    {
        var clock = new LocalWords(obligation);
        var name = TruckNames.Of(truck);
        if (chance is not { } gap)
        {
            return $"{name} {Nearest(track, obligation, clock)}, and was never out of sight for long enough to drive to the point "
                + Text($"(at {rules.UnseenSpeedKmh:0} km/h) and stand there {Seconds(obligation)} s.");
        }
        if (!truck.Tracked && gap is { Before: null, After: null })
        {
            return $"{name} carries no tracker: it could have come without being seen.";
        }
        var span = (gap.Before, gap.After) switch
        {
            ({ } before, { } after) => $"from {clock.Of(before.Time)} to {clock.Of(after.Time)}",
            ({ } before, null) => $"since {clock.Of(before.Time)}",
            (null, { } after) => $"until {clock.Of(after.Time)}",
            _ => "all the time",
        };
        var places = string.Join(" and ", new[] { Place("before it", gap.Before), Place("after it", gap.After) }.OfType<string>());
        return $"{name} was out of sight {span}" + (places.Length > 0 ? $" ({places})" : "")
            + Text($": at {rules.UnseenSpeedKmh:0} km/h it could have reached the point and stood there {Seconds(obligation)} s.");

        string? Place(string when, Fix? fix) =>
            fix is { } f ? Text($"{when} {Way(Geo.Metres(f.Place, obligation.Point.Location))} from the point") : null;
    }

    /// <summary>Who waited there wants to know how near it came.</summary>
    private static string Nearest(TruckTrack track, Obligation obligation, LocalWords clock)
    {
        (double Metres, Instant At) nearest = (double.MaxValue, default);
        var end = track.IndexAtOrAfter(obligation.AcceptUntil);
        for (var i = track.IndexAtOrAfter(obligation.AcceptFrom); i < end; i++)
        {
            var metres = Geo.Metres(track.Fixes[i].Place, obligation.Point.Location);
            nearest = metres < nearest.Metres ? (metres, track.Fixes[i].Time) : nearest;
        }
        return nearest.At == default
            ? "sent no position in that time"
            : $"came no nearer than {Way(nearest.Metres)}, at {clock.Of(nearest.At)}";
    }

    private static string Way(double metres) => metres < 1000 ? Text($"{metres:0} m") : Text($"{metres / 1000:0.0} km");

    private static string Seconds(Obligation obligation) => Text($"{obligation.Point.MinDwell.TotalSeconds:0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
