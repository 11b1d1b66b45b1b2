using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>What a window's verdicts are measured by.</summary>
internal static class Tolerances
{
    public static string Line(WindowTolerance window) =>
        $"{window.WindowKey} {window.StartLocal}-{window.EndLocal}: on time from {Say.Span(window.EarlyToleranceS)} before to "
        + $"{Say.Span(window.LateGraceS)} after; counted from "
        + $"{Say.Span(window.HasAcceptedBeforeS ? window.AcceptedBeforeS : window.AcceptBeforeS)} before to "
        + $"{Say.Span(window.HasAcceptedAfterS ? window.AcceptedAfterS : window.AcceptAfterS)} after.";

    /// <summary>What one obligation's verdict is measured by, as it is after the cut at the middle between windows.</summary>
    public static string Line(Obligation due, TimeZoneInfo zone) =>
        $"On time from {Say.Time(due.OnTimeFrom, zone)} until {Say.Time(due.OnTimeUntil, zone)}; early or late from "
        + $"{Say.Time(due.AcceptFrom, zone)} until {Say.Time(due.AcceptUntil, zone)}.";
}
