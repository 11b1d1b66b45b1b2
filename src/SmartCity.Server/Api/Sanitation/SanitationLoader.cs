using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Verdicts and visits, and what is known of the records behind them.</summary>
/// <param name="LatestReceived">Received time of the newest record read; null without records.</param>
internal sealed record JudgedDates(
    IReadOnlyList<ObligationOutcome> Obligations, IReadOnlyList<Visit> Visits, Instant? LatestReceived);

/// <summary>
/// Reads what the verdicts need. Around the windows asked about it reads the rules' margin, a day: it holds the fix before and
/// the fix after every gap that could matter (no truck comes from further away at the speed of an unseen one), the neighbours'
/// visits, and all but the longest stays. So an obligation has the same verdict whatever range it is asked in.
/// </summary>
internal sealed class SanitationLoader(ITelemetryStore store, KnownDecisions decisions) : IDisposable
{
    // A year of a district's positions does not have to fit in memory at once.
    private const int DatesAtOnce = 31;

    // Each holds a month of positions and uses all cores; more at a time would only be slower together.
    private const int QuestionsMax = 2;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly SemaphoreSlim room = new(QuestionsMax);

    public void Dispose() => room.Dispose();

    /// <summary>Judges all obligations of a scope on a range of dates; by point, then by start.</summary>
    public async Task<JudgedDates> JudgeAsync(AskedDates asked, SanitationRules rules, CancellationToken cancellation)
    {
        var parts = new List<JudgedDates>();
        var ids = asked.Points.Ids;
        for (var first = asked.First; first <= asked.Last; first = first.AddDays(DatesAtOnce))
        {
            var last = first.AddDays(DatesAtOnce - 1) < asked.Last ? first.AddDays(DatesAtOnce - 1) : asked.Last;
            var plan = await PlanAsync(asked.Registry, rules, first, last, ids, asked.Evaluation, cancellation);
            var (outcome, latest) = await JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, asked.Evaluation, cancellation);
            parts.Add(new JudgedDates(
                [.. outcome.Obligations.Where(o => asked.Points.Contains(o.Obligation.Point.Id, o.Obligation.Start))], [], latest));
        }
        return new JudgedDates(
            [.. parts.SelectMany(p => p.Obligations).OrderBy(o => o.Obligation.Point.Id, StringComparer.Ordinal)], [],
            parts.Max(p => p.LatestReceived));
    }

    /// <summary>What is due, as the exceptions that hold at the moment of evaluation leave it.</summary>
    /// <param name="points">Only these; null: all.</param>
    public async Task<ObligationPlan> PlanAsync(
        RegistrySnapshot registry, SanitationRules rules, DateOnly first, DateOnly last, IReadOnlySet<string>? points,
        Instant evaluation, CancellationToken cancellation)
    {
        var exceptions = await decisions.ExceptionsAsync(registry, first, last, evaluation, cancellation);
        return ObligationPlan.Of(registry, rules, first, last, points, ApprovedExceptions.Of(exceptions, evaluation));
    }

    /// <summary>Judges one plan with everything that was recorded from some time before <paramref name="from"/> to some time after
    /// <paramref name="until"/>.</summary>
    public async Task<(SanitationOutcome Outcome, Instant? LatestReceived)> JudgeAsync(
        ObligationPlan plan, Instant from, Instant until, Instant evaluation, CancellationToken cancellation)
    {
        var margin = plan.Rules.Margin;
        var query = new RecordQuery(
            DeviceKind.Truck, null, from - margin, Instant.Earlier(until + margin, evaluation + Moment), evaluation);
        if (query.From >= query.Until)
        {
            return (SanitationEvaluation.Of(plan, new SanitationRecords([], [], []), evaluation), null);
        }
        await room.WaitAsync(cancellation);
        try
        {
            return await ReadAndJudgeAsync(plan, query, evaluation, cancellation);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Everything that some trucks, a point and people recorded around a plan, as it came in.</summary>
    public async Task<NearRecords> ReadAsync(
        ObligationPlan plan, IReadOnlyCollection<string> trucks, string pointId, Instant evaluation, CancellationToken cancellation)
    {
        var margin = plan.Rules.Margin;
        var query = new RecordQuery(
            DeviceKind.Truck, trucks, plan.AcceptFrom - margin,
            Instant.Earlier(plan.AcceptUntil + margin, evaluation + Moment), evaluation);
        if (query.From >= query.Until)
        {
            return new NearRecords([], [], [], []);
        }
        await room.WaitAsync(cancellation);
        try
        {
            var positions = new List<List<PositionRecord>>();
            List<EvidenceRecord> evidence = [];
            if (trucks.Count > 0)
            {
                await foreach (var ofTruck in store.ReadDevicesAsync<PositionRecord>(query, cancellation))
                {
                    positions.Add(ofTruck);
                }
                evidence = await ReadAllAsync<EvidenceRecord>(query, cancellation);
            }
            var bins = await ReadAllAsync<BinRecord>(query with { Kind = DeviceKind.Point, Devices = [pointId] }, cancellation);
            var (entered, acceptances) = await decisions.ConfirmationsAsync(query.From, query.Until, evaluation, cancellation);
            evidence.AddRange(entered);
            return new NearRecords(positions, evidence, bins, acceptances);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task<(SanitationOutcome Outcome, Instant? LatestReceived)> ReadAndJudgeAsync(
        ObligationPlan plan, RecordQuery query, Instant evaluation, CancellationToken cancellation)
    {
        var reading = Task.Run(() => ReadAllAsync<EvidenceRecord>(query, cancellation), CancellationToken.None);
        var readingBins = Task.Run(
            () => ReadAllAsync<BinRecord>(query with { Kind = DeviceKind.Point }, cancellation), CancellationToken.None);
        var readingTracks = ReadTracksAsync(query, plan.Rules, evaluation, cancellation);
        var readingDecisions = decisions.ConfirmationsAsync(query.From, query.Until, evaluation, cancellation);
        await Task.WhenAll(reading, readingBins, readingTracks, readingDecisions);
        var (tracks, evidence, bins) = (await readingTracks, await reading, await readingBins);
        var (entered, acceptances) = await readingDecisions;
        evidence.AddRange(entered);
        var latest = tracks.Select(t => t.LatestReceived).Concat(evidence.Select(e => (Instant?)e.Stamp.Received))
            .Concat(bins.Select(b => (Instant?)b.Stamp.Received)).Max();
        var records = new SanitationRecords(tracks, evidence, bins) { Acceptances = acceptances };
        return (SanitationEvaluation.Of(plan, records, evaluation), latest);
    }

    /// <summary>One truck at a time, so that only usable fixes stay in memory.</summary>
    private async Task<List<TruckTrack>> ReadTracksAsync(
        RecordQuery query, SanitationRules rules, Instant evaluation, CancellationToken cancellation)
    {
        var tracks = new List<TruckTrack>();
        await foreach (var positions in store.ReadDevicesAsync<PositionRecord>(query, cancellation))
        {
            tracks.Add(TruckTrack.Of(positions[0].Stamp.Device, positions, rules, evaluation));
        }
        return tracks;
    }

    private async Task<List<T>> ReadAllAsync<T>(RecordQuery query, CancellationToken cancellation) where T : struct, ITelemetryRecord
    {
        var records = new List<T>();
        await foreach (var ofDevice in store.ReadDevicesAsync<T>(query, cancellation))
        {
            records.AddRange(ofDevice);
        }
        return records;
    }
}
