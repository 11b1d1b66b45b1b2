using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>What a window's verdicts are measured by.</summary>
internal static class Tolerances
{
    public static string Line(WindowTolerance window) =>
        $"{window.WindowKey} {window.StartLocal}-{window.EndLocal}: on time from {Say.Span(window.EarlyToleranceS)} before to "
        + $"{Say.Span(window.LateGraceS)} after; counted from {Say.Span(window.AcceptBeforeS)} before to "
        + $"{Say.Span(window.AcceptAfterS)} after.";
}
