using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Showing;

/// <summary>How complete an answer is, in one line.</summary>
internal static class Footer
{
    public static string Line(DataQuality quality, TimeZoneInfo zone)
    {
        List<string> parts = quality.HasCompleteness ? [$"seen {Say.Percent(quality.Completeness)}"] : [];
        if (quality.AsOf is not null)
        {
            parts.Add($"as of {Say.Time(quality.AsOf, zone)} ({zone.Id})");
        }
        if (quality.LatestReceivedTime is not null)
        {
            parts.Add($"newest record {Say.Time(quality.LatestReceivedTime, zone)}");
        }
        if (quality.DeletedUntilTime is not null)
        {
            parts.Add($"records before {Say.Time(quality.DeletedUntilTime, zone)} deleted");
        }
        if (quality.Devices > 0)
        {
            parts.Add($"{Say.Count(quality.DevicesSilent)} of {Say.Count(quality.Devices)} devices silent");
        }
        parts.Add(quality.BacklogMessages == 0
            ? "no backlog"
            : $"{Say.Count(quality.BacklogMessages)} {(quality.BacklogMessages == 1 ? "message" : "messages")} not in this answer yet");
        return string.Join("; ", parts);
    }
}
