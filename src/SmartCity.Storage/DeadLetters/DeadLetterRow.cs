using Microsoft.Data.Sqlite;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Reads rows of the table of letters.</summary>
internal static class DeadLetterRow
{
    public const string Columns =
        "id, position, received, topic, client, device, record, reason, problem, payload, payload_bytes, content_type, "
            + "deliveries, replayed";

    /// <summary>All rows; disposes the command.</summary>
    public static List<DeadLetter> ReadAll(SqliteCommand command)
    {
        using var own = command;
        using var row = command.ExecuteReader();
        var letters = new List<DeadLetter>();
        while (row.Read())
        {
            var draft = new DeadLetterDraft(
                row.GetInt64(1), new Instant(row.GetInt64(2)), row.GetString(3), row.GetString(4), row.GetString(5),
                row.IsDBNull(6) ? null : row.GetInt32(6), (DeadLetterReason)row.GetByte(7), row.GetString(8),
                row.GetFieldValue<byte[]>(9), row.GetInt32(10), row.IsDBNull(11) ? null : row.GetString(11));
            letters.Add(new DeadLetter(
                row.GetInt64(0), draft, row.GetInt64(12), row.IsDBNull(13) ? null : new Instant(row.GetInt64(13))));
        }
        return letters;
    }
}
