using System.ComponentModel.DataAnnotations;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Settings;

/// <summary>How long the bulk of the telemetry is kept. What collections and repairs were judged by is never deleted.</summary>
internal sealed class RetentionOptions
{
    /// <summary>Days for which meter values of ports are kept; 0: for ever.</summary>
    [Range(0, 36_500)]
    public int MeterDays { get; set; }

    /// <summary>Days for which positions of trucks are kept; 0: for ever.</summary>
    [Range(0, 36_500)]
    public int PositionDays { get; set; }

    // What comes late corrects its day by everything that was said about it, and about the sessions and visits that reach into it.
    private const int BesideLateDays = 31;

    /// <summary>The days of each channel of which anything is deleted.</summary>
    internal IReadOnlyList<(Channel Channel, int Days)> Limited =>
        [.. new[] { (Channel.Meter, MeterDays), (Channel.Position, PositionDays) }.Where(kept => kept.Item2 > 0)];

    /// <summary>What is wrong with the settings together.</summary>
    internal static IEnumerable<string> Problems(RetentionOptions retention, int lateDays)
    {
        var least = lateDays + BesideLateDays;
        return retention.Limited.Where(kept => kept.Days < least).Select(kept =>
            $"Store:Retention:{kept.Channel}Days: {kept.Days} is too few: readings may come {lateDays} days late (Telemetry:LateDays) and "
            + $"correct what was before. Keep {least} days or more, or 0 for ever, or let less be late");
    }
}
