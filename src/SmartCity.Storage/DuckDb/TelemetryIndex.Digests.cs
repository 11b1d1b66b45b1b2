using System.Collections.Frozen;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// Digests lie in the same file as the records, so that one transaction changes both.
public abstract partial class TelemetryIndex
{
    private DigestWatch? _told;

    /// <inheritdoc/>
    IReadOnlyDictionary<string, Instant>? IDigestStore.TakeCutBack()
    {
        var session = Session();
        var cut = session.Watch.TakeCutBack();
        if (!ReferenceEquals(Interlocked.Exchange(ref _told, session.Watch), session.Watch))
        {
            return null;
        }
        return cut.ToDictionary(
            pair => session.Keys.Device(pair.Key), pair => new Instant(pair.Value), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    IReadOnlyDictionary<string, long> IDigestStore.LateMessages
    {
        get
        {
            var session = Session();
            return session.Watch.LateMessages.ToFrozenDictionary(
                pair => session.Keys.Device(pair.Key), pair => pair.Value, StringComparer.Ordinal);
        }
    }

    /// <inheritdoc/>
    async ValueTask<IReadOnlyDictionary<string, DigestMark>> IDigestStore.ReadMarksAsync(CancellationToken cancellation) =>
        await ReadDigestsAsync<IReadOnlyDictionary<string, DigestMark>>(
            (session, digests) => digests.Marks().ToDictionary(
                pair => session.Keys.Device(pair.Device), pair => pair.Mark, StringComparer.Ordinal),
            cancellation);

    /// <inheritdoc/>
    async ValueTask<DigestRun> IDigestStore.BeginAsync(CancellationToken cancellation) =>
        await WriteAsync(session => session.Watch.Begin(), cancellation);

    /// <inheritdoc/>
    async ValueTask IDigestStore.WriteAsync(
        DigestRun run, IReadOnlyList<MarkedDigest> digests, ChargingRules rules, CancellationToken cancellation) =>
        await WriteAsync(
            session =>
            {
                // After a failure nobody knows what came in between: the digests are made again.
                if (ReferenceEquals(session.Watch.Run, run) && digests.Count > 0)
                {
                    session.Writer.Execute("BEGIN TRANSACTION");
                    new DuckDbDigests(session.Writer, session.Keys, path).Write(digests, rules, session.Watch);
                    session.Writer.Execute("COMMIT");
                }
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    async ValueTask<IReadOnlyDictionary<string, (DigestMark Mark, PileDigest Digest)>> IDigestStore.ReadAsync(
        IReadOnlyCollection<string> piles, Instant from, Instant until, ChargingRules rules, CancellationToken cancellation) =>
        await ReadDigestsAsync((_, digests) => digests.Read(piles, from, until, rules), cancellation);

    /// <inheritdoc/>
    async ValueTask<IReadOnlyDictionary<string, Instant?[]>> IDigestStore.ReadLatestReceivedAsync(
        IReadOnlyCollection<string> piles, Instant from, int days, Instant knownAt, CancellationToken cancellation)
    {
        var day = TimeSpan.FromDays(1);
        var query = new RecordQuery(DeviceKind.Pile, piles, from, from + (day * days), knownAt);
        var latest = piles.ToDictionary(pile => pile, _ => new Instant?[days], StringComparer.Ordinal);
        using var reading = await QueryAsync(
            session => StoreSql.LatestReceived(query, (long)day.TotalMilliseconds, session.Keys), cancellation);
        while (reading.Next())
        {
            latest[reading.Keys.Device(reading.Rows.Int32())][reading.Rows.Int64()] = new Instant(reading.Rows.Int64());
        }
        return latest;
    }

    // Several queries that see the store at one moment.
    private async ValueTask<T> ReadDigestsAsync<T>(
        Func<DuckDbSession, DuckDbDigests, T> read, CancellationToken cancellation)
    {
        var session = Session();
        var connection = await session.RentAsync(cancellation);
        try
        {
            connection.Execute("BEGIN TRANSACTION");
            try
            {
                return read(session, new DuckDbDigests(connection, session.Keys, path));
            }
            finally
            {
                connection.Execute("ROLLBACK"); // Nothing was written.
            }
        }
        catch (OperationCanceledException e)
        {
            throw new StoreUnavailableException($"The store {path} is being closed or reopened; try again.", e);
        }
        finally
        {
            session.GiveBack(connection);
        }
    }
}
