using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Messages of an import on their way through the journal: their lines of line protocol.</summary>
internal static class MovedEntries
{
    /// <summary>What stands for the topic.</summary>
    public const string Topic = "smartcity/import/v1";

    /// <summary>The entry of one message.</summary>
    /// <param name="import">Which import brings it; in the place of the MQTT client.</param>
    public static JournalEntry Of(byte[] lines, string import, Instant now) => new(Topic, lines, lines.Length, null, import, now, null);
}
