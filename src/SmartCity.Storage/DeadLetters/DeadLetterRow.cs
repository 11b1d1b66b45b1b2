using System.Text;
using Microsoft.Data.Sqlite;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Reads rows of the table of letters.</summary>
internal static class DeadLetterRow
{
    public const string Columns =
        "id, position, received, topic, client, device, record, reason, problem, payload, payload_bytes, content_type, "
            + "deliveries, replayed";

    // Of the numbers beside the texts, on the wire.
    private const int OverheadBytes = 128;

    /// <summary>The rows up to about so many bytes, at least one; disposes the command.</summary>
    public static List<DeadLetter> ReadAll(SqliteCommand command, long bytesMax)
    {
        using var own = command;
        using var row = command.ExecuteReader();
        var letters = new List<DeadLetter>();
        var bytes = 0L;
        while (row.Read())
        {
            var draft = new DeadLetterDraft(
                row.GetInt64(1), new Instant(row.GetInt64(2)), row.GetString(3), row.GetString(4), row.GetString(5),
                row.IsDBNull(6) ? null : row.GetInt32(6), (DeadLetterReason)row.GetByte(7), row.GetString(8),
                row.GetFieldValue<byte[]>(9), row.GetInt32(10), row.IsDBNull(11) ? null : row.GetString(11));
            bytes += BytesOf(draft);
            if (letters.Count > 0 && bytes > bytesMax)
            {
                break;
            }
            letters.Add(new DeadLetter(
                row.GetInt64(0), draft, row.GetInt64(12), row.IsDBNull(13) ? null : new Instant(row.GetInt64(13))));
        }
        return letters;
    }

    private static long BytesOf(DeadLetterDraft draft) =>
        OverheadBytes + draft.Payload.Length + Encoding.UTF8.GetByteCount(draft.Problem) + Encoding.UTF8.GetByteCount(draft.Topic)
        + Encoding.UTF8.GetByteCount(draft.ClientId) + draft.Device.Length + (draft.ContentType?.Length ?? 0);
}
