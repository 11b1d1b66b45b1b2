using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>
/// Reads what the domain needs to know about piles, one pile at a time: a district's month does not have to fit in memory.
/// </summary>
/// <param name="lateMax">Ingest stores nothing that is older than this when it comes; a Will's time is the one of a connection,
/// and cut to that.</param>
internal sealed class HistoryLoader(ITelemetryStore store, TimeSpan lateMax) : IDisposable
{
    // Each reads several streams at once; more at a time would only be slower together.
    private const int QuestionsMax = 2;

    // A port that was too hot, or flapped, when the period began was seen to become so within this.
    private static readonly TimeSpan DerivedBefore = TimeSpan.FromDays(1);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim room = new(QuestionsMax);

    /// <summary>Calls <paramref name="use"/> with the settled history of each pile, by id; it is valid during that
    /// call.</summary>
    public async Task<HistoryFacts> ReadAsync(HistoryQuery query, Action<ScopedPile, PileHistory> use,
        CancellationToken cancellation)
    {
        await ReadOnlyAsync(query, use, cancellation);
        return await FactsAsync(query, cancellation);
    }

    /// <summary>The same, without finding out how complete the records are.</summary>
    public async Task ReadOnlyAsync(HistoryQuery query, Action<ScopedPile, PileHistory> use, CancellationToken cancellation)
    {
        if (query.Piles.Count == 0)
        {
            return;
        }
        // Devices come by id: who asks for one before its turn finds those between passed.
        query = query with { Piles = [.. query.Piles.OrderBy(pile => pile.Id, StringComparer.Ordinal)] };
        await room.WaitAsync(cancellation);
        try
        {
            await StreamAsync(query, use, cancellation);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>How complete the records of a question are.</summary>
    public async Task<HistoryFacts> FactsAsync(HistoryQuery query, CancellationToken cancellation) =>
        new(await LatestAsync(query, cancellation), await SilentAsync(query, cancellation), DeletedUntil(query));

    /// <summary>Until when the meter values that a question needs are deleted; null when none of them is.</summary>
    public Instant? DeletedUntil(HistoryQuery query)
    {
        var deleted = store.DeletedUntil(Channel.Meter);
        var first = Instant.Earlier(DerivedFrom(query.From), SessionsFrom(query));
        return query.Piles.Count > 0 && first < deleted ? deleted : null;
    }

    /// <summary>When the newest record of a question was received; null without records.</summary>
    public async Task<Instant?> LatestAsync(HistoryQuery query, CancellationToken cancellation)
    {
        var asked = Between(query, query.From, Instant.Earlier(query.Until, query.Evaluation + Moment));
        return query.Piles.Count == 0 || !IsSome(asked) ? null : await store.ReadLatestReceivedAsync(asked, cancellation);
    }

    /// <summary>How many piles are silent for too long at the evaluation.</summary>
    public async Task<int> SilentAsync(HistoryQuery query, CancellationToken cancellation)
    {
        if (query.Piles.Count == 0)
        {
            return 0;
        }
        var now = Between(query, query.Evaluation, query.Evaluation + Moment);
        var last = new Dictionary<string, Silence>(StringComparer.Ordinal);
        await foreach (var silence in store.ReadSilencesAsync(now, query.SilenceMin, cancellation))
        {
            last[silence.Device] = silence;
        }
        var silent = 0;
        foreach (var pile in query.Piles)
        {
            if (last.TryGetValue(pile.Id, out var silence))
            {
                var history = new PileHistory(pile.Id, pile.Versions);
                history.Silences.Add(silence with { Until = null });
                silent += OfflineSpans.IsSilentAt(history, query.Evaluation) ? 1 : 0;
            }
        }
        return silent;
    }

    /// <summary>From where samples and statuses are read for faults that the server derives. Of a whole day: what seems to begin
    /// where reading does, does so at the same moment all day long.</summary>
    public static Instant DerivedFrom(Instant from)
    {
        var day = (long)DerivedBefore.TotalMilliseconds;
        var before = (from - DerivedBefore).Milliseconds;
        return new Instant(before - (((before % day) + day) % day));
    }

    public void Dispose() => room.Dispose();

    private async Task StreamAsync(
        HistoryQuery query, Action<ScopedPile, PileHistory> use, CancellationToken cancellation)
    {
        await using var streams = new HistoryStreams(Open(query, cancellation));
        var (current, spare) = ((PileHistory?)null, (PileHistory?)null);
        var filling = FillAsync(0);
        try
        {
            for (var i = 0; i < query.Piles.Count; i++)
            {
                (spare, current) = (current, await filling);
                // The next pile is read while this one is counted.
                filling = i + 1 < query.Piles.Count ? FillAsync(i + 1) : filling;
                use(query.Piles[i], current);
            }
        }
        finally
        {
            await ((Task)filling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<PileHistory> FillAsync(int pile) => Task.Run(
            async () =>
            {
                var history = PileHistory.Reusing(spare, query.Piles[pile].Id, query.Piles[pile].Versions);
                await streams.FillAsync(history);
                return history.Settle();
            },
            CancellationToken.None);
    }

    private HistorySources Open(HistoryQuery query, CancellationToken cancellation)
    {
        var end = Instant.Earlier(query.Until, query.Evaluation + Moment);
        var readsStatuses = query.Parts.HasFlag(HistoryParts.Statuses);
        var onlyEnergy = query.Parts == HistoryParts.Energy;
        var readsEnergy = query.Parts.HasFlag(HistoryParts.Energy);
        var sessions = Between(query, SessionsFrom(query), end) with
        {
            SessionsUntil = query.Parts.HasFlag(HistoryParts.Sessions) ? query.Evaluation + Moment : end,
        };
        var readsMeters = query.Parts.HasFlag(HistoryParts.Meters);
        var heardFrom = readsMeters ? DerivedFrom(query.From) : query.From;
        var period = Between(query, heardFrom, end);
        // Also those of the time from which samples are read: a pile that is silent ends no fault.
        var silences = Between(query, heardFrom, Clip(query, query.Until + query.SilenceMax));
        return new HistorySources(
            readsStatuses && IsSome(period) ? store.ReadDevicesAsync<StatusRecord>(period, cancellation) : null,
            readsStatuses ? store.ReadLastBeforeAsync<StatusRecord>(period, cancellation) : null,
            readsEnergy && IsSome(sessions) ? store.ReadDevicesAsync<SessionRecord>(sessions, cancellation) : null,
            readsEnergy && IsSome(sessions) ? store.ReadDevicesAsync<EnergySample>(sessions, cancellation) : null,
            readsMeters ? store.ReadDevicesAsync<SensorSample>(period, cancellation) : null,
            onlyEnergy ? null
                : store.ReadDevicesAsync<FaultRecord>(Between(query, Instant.Min, query.Evaluation + Moment), cancellation),
            !onlyEnergy && IsSome(silences) ? store.ReadSilencesAsync(silences, query.SilenceMin, cancellation) : null,
            onlyEnergy ? null : store.ReadDevicesAsync<GoneRecord>(
                Between(query, heardFrom - query.SilenceMax - lateMax, query.Evaluation + Moment), cancellation));
    }

    // Twice, so that a session that was closed for silence still has its records.
    private static Instant SessionsFrom(HistoryQuery query) => query.From - (query.Rules.MaxSession * 2);

    private static RecordQuery Between(HistoryQuery query, Instant from, Instant until) =>
        new(DeviceKind.Pile, query.Ids, from, until, query.Evaluation);

    private static Instant Clip(HistoryQuery query, Instant until) => Instant.Earlier(until, query.Evaluation + Moment);

    private static bool IsSome(RecordQuery query) => query.Until > query.From;
}
