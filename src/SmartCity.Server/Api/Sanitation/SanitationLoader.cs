using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Registry.Decisions;
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
    private readonly SettledDates settled = new(store);

    public void Dispose() => room.Dispose();

    /// <summary>Judges all obligations of a scope on a range of dates; by point, then by start.</summary>
    public async Task<JudgedDates> JudgeAsync(AskedDates asked, SanitationRules rules, CancellationToken cancellation)
    {
        var decided = await decisions.ReadChangeAsync(cancellation);
        var byPoint = new Dictionary<string, List<ObligationOutcome>>(StringComparer.Ordinal);
        for (var first = asked.First; first <= asked.Last;)
        {
            if (settled.Find(first, asked, rules, decided) is { } found)
            {
                Add(found, asked.Points, byPoint);
                first = first.AddDays(1);
                continue;
            }
            var isOver = SettledDates.IsOver(first, asked, rules);
            var last = first;
            while (last < asked.Last && last.DayNumber - first.DayNumber + 1 < DatesAtOnce
                && SettledDates.IsOver(last.AddDays(1), asked, rules) == isOver
                && settled.Find(last.AddDays(1), asked, rules, decided) is null)
            {
                last = last.AddDays(1);
            }
            // What will be remembered is judged for everybody.
            var part = asked with { First = first, Last = last };
            Add(await JudgePartAsync(part, rules, isOver, decided, cancellation), asked.Points, byPoint);
            first = last.AddDays(1);
        }
        return new JudgedDates(
            [.. byPoint.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => ByStart(pair.Value))], [],
            await LatestReceivedAsync(asked, rules, cancellation));
    }

    private async Task<IReadOnlyList<ObligationOutcome>> JudgePartAsync(
        AskedDates part, SanitationRules rules, bool isOver, DecisionsChange decided, CancellationToken cancellation)
    {
        var dates = Enumerable.Range(0, part.Last.DayNumber - part.First.DayNumber + 1).Select(part.First.AddDays).ToList();
        var changes = dates.ConvertAll(date => settled.ChangeOf(date, part, rules));
        var plan = await PlanAsync(
            part.Registry, rules, part.First, part.Last, isOver ? null : part.Points.Ids, part.Evaluation, cancellation);
        var (outcome, _) = await JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, part.Evaluation, cancellation);
        if (isOver)
        {
            var byDate = outcome.Obligations.ToLookup(o => o.Obligation.ServiceDate);
            for (var i = 0; i < dates.Count; i++)
            {
                settled.Keep(dates[i], [.. byDate[dates[i]]], part, changes[i], decided);
            }
        }
        return outcome.Obligations;
    }

    private static void Add(
        IReadOnlyList<ObligationOutcome> outcomes, ScopedPoints points, Dictionary<string, List<ObligationOutcome>> byPoint)
    {
        List<ObligationOutcome> own = [];
        var point = "";
        foreach (var outcome in outcomes)
        {
            var id = outcome.Obligation.Point.Id;
            if (!points.Contains(id, outcome.Obligation.Start))
            {
                continue;
            }
            if (id != point)
            {
                point = id;
                own = byPoint.TryGetValue(id, out var list) ? list : byPoint[id] = [];
            }
            own.Add(outcome);
        }
    }

    // An exception may have moved a window behind one of the next date.
    private static IEnumerable<ObligationOutcome> ByStart(List<ObligationOutcome> outcomes)
    {
        for (var i = 1; i < outcomes.Count; i++)
        {
            if (outcomes[i].Obligation.Start < outcomes[i - 1].Obligation.Start)
            {
                return outcomes.OrderBy(o => o.Obligation.Start);
            }
        }
        return outcomes;
    }

    /// <summary>When the newest record about the dates came, whole days (UTC) around them included.</summary>
    private async Task<Instant?> LatestReceivedAsync(AskedDates asked, SanitationRules rules, CancellationToken cancellation)
    {
        var day = TimeSpan.FromDays(1);
        var from = LocalDay.StartOf(asked.First, asked.Zone) - rules.Margin;
        var until = LocalDay.StartOf(asked.Last.AddDays(2), asked.Zone) + rules.Margin;
        var latest = store.ReadCollectionsChange(from, until).LatestReceived;
        if (latest is null || latest <= asked.Evaluation)
        {
            return latest;
        }
        var start = from - TimeSpan.FromTicks((from - EventTime.Oldest).Ticks % day.Ticks);
        var end = until - Moment + day;
        var query = new RecordQuery(
            DeviceKind.Truck, null, start, end - TimeSpan.FromTicks((end - EventTime.Oldest).Ticks % day.Ticks), asked.Evaluation);
        var ofTrucks = await store.ReadLatestReceivedAsync(query, cancellation);
        var ofPoints = await store.ReadLatestReceivedAsync(query with { Kind = DeviceKind.Point }, cancellation);
        return ofTrucks is { } a && ofPoints is { } b ? Instant.Later(a, b) : ofTrucks ?? ofPoints;
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
