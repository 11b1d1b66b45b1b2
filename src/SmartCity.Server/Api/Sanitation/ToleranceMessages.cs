using System.Globalization;
using SmartCity.Protocol.V1;
using CollectionWindow = SmartCity.Domain.Registry.CollectionWindow;
using Obligation = SmartCity.Domain.Sanitation.Obligation;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Windows as they applied to obligations.</summary>
internal static class ToleranceMessages
{
    /// <summary>Each once, by start; as registered, with the number of obligations whose hours an exception changed. Where all were
    /// changed, as changed.</summary>
    public static IEnumerable<WindowTolerance> Of(IEnumerable<Obligation> obligations)
    {
        var byHours = obligations.ToLookup(o => o.Effects.Any(
            e => e.ActedAs is Domain.Sanitation.ExceptionKind.ShiftWindow or Domain.Sanitation.ExceptionKind.ExtendGrace));
        var standard = WidthsOf(byHours[false]).ToList();
        var counts = byHours[true].CountBy(o => (o.Window.Key, o.Window.Validity)).ToDictionary();
        foreach (var tolerance in standard)
        {
            tolerance.Message.Excepted = counts.GetValueOrDefault((tolerance.Window.Key, tolerance.Window.Validity));
        }
        var changed = WidthsOf(byHours[true].Where(o => !standard.Exists(s => IsSame(s.Window, o.Window)))).ToList();
        foreach (var tolerance in changed)
        {
            tolerance.Message.Excepted = counts[(tolerance.Window.Key, tolerance.Window.Validity)];
        }
        return standard.Concat(changed).OrderBy(t => t.Window.Start).ThenBy(t => t.Window.Key, StringComparer.Ordinal)
            .ThenBy(t => t.Window.Validity.From).Select(t => t.Message).Distinct();
    }

    private static bool IsSame(CollectionWindow a, CollectionWindow b) => (a.Key, a.Validity) == (b.Key, b.Validity);

    private static IEnumerable<(CollectionWindow Window, WindowTolerance Message)> WidthsOf(IEnumerable<Obligation> obligations)
    {
        // All obligations of a year share a few windows, and what these contain takes long to compare.
        var widths = new Dictionary<CollectionWindow, (TimeSpan Before, TimeSpan After)>(ReferenceEqualityComparer.Instance);
        foreach (var obligation in obligations)
        {
            var (before, after) = widths.GetValueOrDefault(obligation.Window, (TimeSpan.MinValue, TimeSpan.MinValue));
            widths[obligation.Window] = (
                Later(before, obligation.Start - obligation.AcceptFrom), Later(after, obligation.AcceptUntil - obligation.End));
        }
        return widths.GroupBy(w => w.Key)
            .Select(w => (w.Key, Of(w.Key, w.Max(of => of.Value.Before), w.Max(of => of.Value.After))));
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
