using System.Globalization;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>What a window's verdicts are measured by.</summary>
internal static class Tolerances
{
    private const int SecondsPerHour = 3_600;

    public static string Line(WindowTolerance window) =>
        $"{window.WindowKey} {window.StartLocal}-{window.EndLocal}: on time from {Exact(window.EarlyToleranceS)} before to "
        + $"{Exact(window.LateGraceS)} after; counted from "
        + $"{Exact(window.HasAcceptedBeforeS ? window.AcceptedBeforeS : window.AcceptBeforeS)} before to "
        + $"{Exact(window.HasAcceptedAfterS ? window.AcceptedAfterS : window.AcceptAfterS)} after."
        + (window.Excepted == 0 ? "" : $" {Say.Count(window.Excepted)} of its collections have other hours by exception.");

    /// <summary>To the second, as a rule has to be told.</summary>
    private static string Exact(int seconds) => Say.Span(seconds)
        + (seconds >= SecondsPerHour && seconds % 60 != 0 ? string.Create(CultureInfo.InvariantCulture, $" {seconds % 60:00} s") : "");

    /// <summary>What one obligation's verdict is measured by, as it is after the cut at the middle between windows.</summary>
    public static string Line(Obligation due, TimeZoneInfo zone) =>
        $"On time from {Say.Time(due.OnTimeFrom, zone)} until {Say.Time(due.OnTimeUntil, zone)}; early or late from "
        + $"{Say.Time(due.AcceptFrom, zone)} until {Say.Time(due.AcceptUntil, zone)}.";
}
