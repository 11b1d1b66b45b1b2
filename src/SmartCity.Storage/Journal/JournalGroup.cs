using Microsoft.Data.Sqlite;

namespace SmartCity.Storage.Journal;

/// <summary>One row of the journal as it is on disk, sound or not.</summary>
internal readonly record struct JournalGroup(long Position, long Count, long Crc, byte[] Body)
{
    /// <summary>Whether it is what was written.</summary>
    public bool IsSound => Count is > 0 and <= JournalFile.GroupMessagesMax
        && Crc == JournalChecksum.Of(Position, (int)Count, Body);

    /// <summary>From columns position, count, crc, body. A damaged row may have values of any type.</summary>
    public static JournalGroup Of(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetValue(1) as long? ?? -1, row.GetValue(2) as long? ?? -1, row.GetValue(3) as byte[] ?? []);

    /// <summary>The messages in it.</summary>
    public List<JournalMessage> Messages() => new JournalBodyReader(Body).ReadAll(Position, (int)Count);
}
