using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Says in words whether a truck could have come without being seen.</summary>
internal static class TruckWatchWords
{
    public static TruckWatch Of(Truck truck, Obligation obligation, BlindGaps gaps, ObligationPlan plan)
    {
        var fixes = gaps.Track.IndexAtOrAfter(obligation.AcceptUntil) - gaps.Track.IndexAtOrAfter(obligation.AcceptFrom);
        var chance = gaps.FindChance(obligation);
        return new TruckWatch(
            truck.Id, truck.Tracked, chance is not null, chance?.Before?.Time, chance?.After?.Time,
            Reason(truck, obligation, chance, fixes, plan.Rules), fixes);
    }

    private static string Reason(Truck truck, Obligation obligation, BlindGap? chance, int fixes, SanitationRules rules)
    {
        var clock = new LocalWords(obligation);
        if (chance is not { } gap)
        {
            return Text($"{truck.Plate} was in sight ({fixes} positions while it could have come): no gap between them left the time ")
                + Text($"to drive to the point at {rules.UnseenSpeedKmh:0} km/h and stand there {Seconds(obligation)} s.");
        }
        if (!truck.Tracked && gap is { Before: null, After: null })
        {
            return $"{truck.Plate} carries no tracker: it could have come without being seen.";
        }
        var span = (gap.Before, gap.After) switch
        {
            ({ } before, { } after) => $"from {clock.Of(before.Time)} to {clock.Of(after.Time)}",
            ({ } before, null) => $"since {clock.Of(before.Time)}",
            (null, { } after) => $"until {clock.Of(after.Time)}",
            _ => "all the time",
        };
        var places = string.Join(" and ", new[] { Place("before it", gap.Before), Place("after it", gap.After) }.OfType<string>());
        return $"{truck.Plate} was out of sight {span}" + (places.Length > 0 ? $" ({places})" : "")
            + Text($": at {rules.UnseenSpeedKmh:0} km/h it could have reached the point and stood there {Seconds(obligation)} s.");

        string? Place(string when, Fix? fix) =>
            fix is { } f ? Text($"{when} {Geo.Metres(f.Place, obligation.Point.Location):0} m from the point") : null;
    }

    private static string Seconds(Obligation obligation) => Text($"{obligation.Point.MinDwell.TotalSeconds:0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
