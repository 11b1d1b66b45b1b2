using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// An index that is made again.
public abstract partial class TelemetryIndex
{
    /// <summary>Takes in rows of what the store has already.</summary>
    private protected async ValueTask RestoreAsync(IndexRows rows, CancellationToken cancellation) => await WriteAsync(
        session =>
        {
            session.Writer.Execute("BEGIN TRANSACTION");
            using (var tables = new BatchTables(session.Writer, path))
            {
                rows.MoveTo(tables, session.Keys);
                tables.Close();
            }
            session.Writer.Execute("COMMIT");
            return true;
        },
        cancellation);

    /// <summary>Goes on from this position with these counts.</summary>
    private protected async ValueTask RestoreAsync(long position, IngestCounts counts, CancellationToken cancellation) =>
        await WriteAsync(
            session =>
            {
                session.Writer.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                    UPDATE progress SET position = {position}, stored = {counts.Stored}, records = {counts.Records},
                    duplicates = {counts.Duplicates}, dead = {counts.Dead}, dead_records = {counts.DeadRecords},
                    conflicts = {counts.Conflicts}, clock_refused = {counts.ClockRefusedRecords}, damaged = {counts.Damaged}
                    """));
                session.Checkpoint();
                return true;
            },
            cancellation);

    /// <summary>Puts another file in the place of this one; it is open nowhere.</summary>
    private protected async ValueTask ReplaceAsync(string file, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            if (_session is { } session)
            {
                _session = null;
                await session.DrainAsync();
                session.Dispose();
            }
            File.Delete(path + ".wal");
            File.Move(file, path, overwrite: true);
        }
        finally
        {
            _writing.Release();
        }
    }
}
