using System.Globalization;
using SmartCity.Protocol.V1;
using CollectionWindow = SmartCity.Domain.Registry.CollectionWindow;
using Obligation = SmartCity.Domain.Sanitation.Obligation;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Windows as they applied to obligations.</summary>
internal static class ToleranceMessages
{
    /// <summary>Each once, by start.</summary>
    public static IEnumerable<WindowTolerance> Of(IEnumerable<Obligation> obligations)
    {
        // All obligations of a year share a few windows, and what these contain takes long to compare.
        var widths = new Dictionary<CollectionWindow, (TimeSpan Before, TimeSpan After)>(ReferenceEqualityComparer.Instance);
        foreach (var obligation in obligations)
        {
            var (before, after) = widths.GetValueOrDefault(obligation.Window, (TimeSpan.MinValue, TimeSpan.MinValue));
            widths[obligation.Window] = (
                Later(before, obligation.Start - obligation.AcceptFrom), Later(after, obligation.AcceptUntil - obligation.End));
        }
        return widths.GroupBy(w => w.Key).OrderBy(w => w.Key.Start).ThenBy(w => w.Key.Key, StringComparer.Ordinal)
            .ThenBy(w => w.Key.Validity.From).Select(w => Of(w.Key, w.Max(of => of.Value.Before), w.Max(of => of.Value.After)))
            .Distinct();
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static WindowTolerance Of(CollectionWindow window, TimeSpan acceptedBefore, TimeSpan acceptedAfter) => new()
    {
        WindowKey = window.Key,
        StartLocal = window.Start.ToString("HH:mm", CultureInfo.InvariantCulture),
        EndLocal = window.End.ToString("HH:mm", CultureInfo.InvariantCulture),
        EarlyToleranceS = (int)window.EarlyTolerance.TotalSeconds,
        LateGraceS = (int)window.LateGrace.TotalSeconds,
        AcceptBeforeS = (int)window.AcceptBefore.TotalSeconds,
        AcceptAfterS = (int)window.AcceptAfter.TotalSeconds,
        AcceptedBeforeS = (int)acceptedBefore.TotalSeconds,
        AcceptedAfterS = (int)acceptedAfter.TotalSeconds,
    };
}
