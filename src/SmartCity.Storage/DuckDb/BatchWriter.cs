using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Writes one batch within a transaction that the caller began.</summary>
internal sealed class BatchWriter(DuckDbSession session, string path)
{
    /// <summary>The tables beside those of records and keys.</summary>
    public static readonly string[] Definitions =
    [
        "CREATE TABLE IF NOT EXISTS message(boot INTEGER NOT NULL, seq BIGINT NOT NULL, "
            + "hash UBIGINT NOT NULL, received BIGINT NOT NULL, records INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS heard(device INTEGER NOT NULL, time BIGINT NOT NULL, received BIGINT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS progress(position BIGINT NOT NULL, stored BIGINT NOT NULL, records BIGINT NOT NULL, "
            + "duplicates BIGINT NOT NULL, dead BIGINT NOT NULL, dead_records BIGINT NOT NULL, conflicts BIGINT NOT NULL, "
            + "clock_refused BIGINT NOT NULL, damaged BIGINT)",
        // The first files have no such column: what their counts do not explain was damaged.
        "ALTER TABLE progress ADD COLUMN IF NOT EXISTS damaged BIGINT",
        "INSERT INTO progress SELECT 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE NOT EXISTS (FROM progress)",
        "UPDATE progress SET damaged = position - stored - duplicates - dead WHERE damaged IS NULL",
    ];

    private readonly DuckDbConnection _connection = session.Writer;
    private readonly StoreKeys _keys = session.Keys;
    private readonly HashSet<Instant> _heard = [];

    public void Write(TelemetryBatch batch)
    {
        using (var tables = new BatchTables(_connection, path))
        {
            foreach (var message in batch.Messages)
            {
                Write(message, tables);
            }
            tables.Close();
        }
        foreach (var statement in session.Watch.TakeLowered())
        {
            _connection.Execute(statement);
        }
        var counts = batch.Counts;
        _connection.Execute(
            $"UPDATE progress SET position = {batch.NextPosition}, stored = stored + {batch.JournaledMessages}, "
            + $"records = records + {batch.Messages.Sum(message => (long)message.Count)}, duplicates = duplicates + "
            + $"{counts.Duplicates}, "
            + $"dead = dead + {counts.Dead}, dead_records = dead_records + {counts.DeadRecords}, "
            + $"conflicts = conflicts + {counts.Conflicts}, clock_refused = clock_refused + {counts.ClockRefusedRecords}, "
            + $"damaged = damaged + {counts.Damaged}");
    }

    private void Write(TelemetryMessage message, BatchTables tables)
    {
        switch (message)
        {
            case TelemetryMessage<StatusRecord> m: Write(m, tables); break;
            case TelemetryMessage<MeterRecord> m: Write(m, tables); break;
            case TelemetryMessage<SessionRecord> m: Write(m, tables); break;
            case TelemetryMessage<FaultRecord> m: Write(m, tables); break;
            case TelemetryMessage<ConnRecord> m: Write(m, tables); break;
            case TelemetryMessage<PositionRecord> m: Write(m, tables); break;
            case TelemetryMessage<EvidenceRecord> m: Write(m, tables); break;
            case TelemetryMessage<BinRecord> m: Write(m, tables); break;
            default: throw new ArgumentException($"No table keeps {message.GetType()}.", nameof(message));
        }
    }

    private void Write<T>(TelemetryMessage<T> message, BatchTables tables) where T : struct, ITelemetryRecord
    {
        var table = RecordTables.Of<T>();
        var device = _keys.DeviceOf(message.Kind, message.Device, tables);
        var bootReceived = message.BootReceived;
        var boot = _keys.BootOf(device, message.Boot, bootReceived, tables);
        if (message.Kind == DeviceKind.Pile)
        {
            session.Watch.Note(device, message);
        }
        else
        {
            session.Collections.Note(message);
        }
        var rows = session.KeepsRecords ? tables.Of(table.Name) : null;
        _heard.Clear();
        foreach (var record in message.Records)
        {
            var stamp = record.Stamp;
            var own = stamp.BootReceived == bootReceived ? boot : _keys.BootOf(device, message.Boot, stamp.BootReceived, tables);
            if (rows is not null)
            {
                StampColumns.Write(stamp, own, table.PortOf(record), rows);
                table.Write(record, rows);
                rows.End();
            }
            if (rows is not null && record is StatusRecord status)
            {
                session.LastStatuses.Note(status);
            }
            var day = SessionDays.DayOf(stamp.Time);
            if (table.SessionOf(record) is { Length: > 0 } known && session.SessionDays.Add(device, known, day))
            {
                tables.Of("session_day").Add(device).Add(known).Add(day).End();
            }
            if (record is not ConnRecord { Online: false } && _heard.Add(stamp.Time))
            {
                session.LastHeard.Note(device, stamp);
                tables.Of("heard").Add(device).Add(stamp.Time.Milliseconds).Add(stamp.Received.Milliseconds).End();
            }
        }
        tables.Of("message").Add(boot).Add(message.Sequence ?? (long)message.Hash).Add(message.Hash)
            .Add(message.Received.Milliseconds).Add(message.Count).End();
    }
}
