using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>What trucks and points reported. Copies and any order are fine.</summary>
/// <param name="Tracks">One for each truck that was heard.</param>
/// <param name="Bins">Their device is the point.</param>
public sealed record SanitationRecords(
    IReadOnlyList<TruckTrack> Tracks, IReadOnlyList<EvidenceRecord> Evidence, IReadOnlyList<BinRecord> Bins)
{
    /// <summary>What supervisors decided about confirmations and pictures, in the order in which they did.</summary>
    public IReadOnlyList<EvidenceAcceptance> Acceptances { get; init; } = [];

    /// <summary>Takes positions of all trucks, in any order.</summary>
    public static SanitationRecords Of(
        IEnumerable<PositionRecord> positions, IReadOnlyList<EvidenceRecord> evidence, IReadOnlyList<BinRecord> bins,
        SanitationRules rules, Instant evaluation) => new(
            [.. positions.GroupBy(p => p.Stamp.Device).Select(g => TruckTrack.Of(g.Key, [.. g], rules, evaluation))], evidence, bins);
}

/// <summary>What became of an obligation.</summary>
/// <param name="Final">Later changes are restatements.</param>
/// <param name="Probable">Served, as far as one weak piece of evidence proves it.</param>
/// <param name="Substituted">Served by another truck than planned.</param>
/// <param name="Primary">The visit that served it.</param>
public sealed record ObligationOutcome(
    Obligation Obligation, Verdict Verdict, bool Final, bool Probable, bool Substituted, Visit? Primary)
{
    /// <summary>When somebody first came after it between the windows, which ends the wait after a miss; null when nobody did.</summary>
    public Instant? Extra { get; init; }

    /// <summary>How far the visit lies outside the window: negative before its start, 0 inside; null when not served.</summary>
    public TimeSpan? Deviation => Primary is { } visit ? Obligation.DeviationOf(visit.Decision) : null;
}

/// <summary>A piece of evidence and what became of it.</summary>
/// <param name="Record">What was recorded; of a bin's fill, a record of unknown type by no truck.</param>
/// <param name="PointId">The point it is about; null when nothing says so.</param>
/// <param name="DistanceM">How far from the point it was made; null when nobody knows where.</param>
/// <param name="Reason">Why it counted, or why not, for a person.</param>
public sealed record EvidenceUse(
    EvidenceRecord Record, string? PointId, double? DistanceM, EvidenceGrade Grade, bool Accepted, string Reason)
{
    /// <summary>Of what people said: how far from the point the truck's tracker was then; null when nobody knows.</summary>
    public double? TrackerM { get; init; }

    /// <summary>The supervisor who accepted it; null: none.</summary>
    public string? AcceptedBy { get; init; }

    /// <summary>The visit that it is part of; null: none, or nobody can tell.</summary>
    public Visit? Visit { get; init; }

    /// <summary>The same, told to somebody who asks about one obligation: what counts for another does not count for it.</summary>
    public EvidenceUse For(Obligation obligation) => !Accepted || Visit is not { } visit || visit.ObligationId == obligation.Id
        || visit.Role == VisitRole.Transit
        ? this
        : this with
        {
            Reason = (visit.ObligationId is { } other ? $"Counts for {other}, not for this one: " : "Counts for no window: ")
                + Reason[(Reason.IndexOf(": ", StringComparison.Ordinal) + 2)..],
        };
}

/// <summary>What was known of one truck while an obligation could be served.</summary>
/// <param name="Tracked">It carries a tracker.</param>
/// <param name="CouldHaveComeUnseen">A gap between its fixes leaves time for the obligation.</param>
/// <param name="BlindFrom">The fix before that gap; null when there is none.</param>
/// <param name="BlindUntil">The fix after that gap; null when there is none yet.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="FixesInWindow">Usable fixes while the obligation could be served.</param>
public sealed record TruckWatch(
    string TruckId, bool Tracked, bool CouldHaveComeUnseen, Instant? BlindFrom, Instant? BlindUntil, string Reason,
    int FixesInWindow);

/// <summary>Every obligation asked about with its verdict, and what led to it.</summary>
public sealed class SanitationOutcome
{
    private readonly IReadOnlyDictionary<string, BlindGaps> sight;
    private readonly ILookup<string, PossibleStop> possible;
    private readonly IReadOnlyList<TruckEvidence> evidence;
    private readonly EvidenceRulings rulings;
    private readonly ILookup<string, FillDrop> drops;

    internal SanitationOutcome(
        ObligationPlan plan, Instant evaluation, IReadOnlyList<ObligationOutcome> obligations, IReadOnlyList<Visit> visits,
        IReadOnlyDictionary<string, BlindGaps> sight, ILookup<string, PossibleStop> possible, IReadOnlyList<TruckEvidence> evidence,
        EvidenceRulings rulings, ILookup<string, FillDrop> drops)
    {
        (Plan, Evaluation, Obligations, Visits) = (plan, evaluation, obligations, visits);
        (this.sight, this.possible, this.evidence, this.rulings, this.drops) = (sight, possible, evidence, rulings, drops);
    }

    /// <summary>What was due.</summary>
    public ObligationPlan Plan { get; }

    /// <summary>The moment it was judged at; nothing after it counts.</summary>
    public Instant Evaluation { get; }

    /// <summary>One for each obligation asked about, by point, then by start.</summary>
    public IReadOnlyList<ObligationOutcome> Obligations { get; }

    /// <summary>All visits to the points asked about, by point, then by decision instant; also those around the dates.</summary>
    public IReadOnlyList<Visit> Visits { get; }

    /// <summary>What was known of each truck that was to come, or could have, by truck; then of others that may have stood there.</summary>
    public IReadOnlyList<TruckWatch> WatchOf(Obligation obligation)
    {
        var stood = possible[obligation.Point.Id].Where(s => s.MayServe(obligation)).GroupBy(s => s.TruckId, StringComparer.Ordinal)
            .ToDictionary(s => s.Key, s => s.MaxBy(stop => stop.TimeIn(obligation))!, StringComparer.Ordinal);
        List<TruckWatch> watch =
        [
            .. new RelevantTrucks(Plan.Registry).Of(obligation).Select(
                truck => TruckWatchWords.Of(truck, obligation, sight[truck.Id], stood.GetValueOrDefault(truck.Id), Plan)),
        ];
        watch.AddRange(stood.Values.Where(s => !watch.Exists(w => w.TruckId == s.TruckId))
            .OrderBy(s => s.TruckId, StringComparer.Ordinal)
            .Select(s => TruckWatchWords.Of(s, obligation, sight[s.TruckId].Track, Plan)));
        return watch;
    }

    /// <summary>The usable fixes of a truck that is registered or was heard.</summary>
    internal TruckTrack TrackOf(string truckId) => sight[truckId].Track;

    /// <summary>The evidence about, or at, a point in [from, until), also what did not count, oldest first.</summary>
    public IReadOnlyList<EvidenceUse> EvidenceAt(string pointId, Instant from, Instant until)
    {
        var ofTrucks =
            from truck in evidence
            from judged in truck.Judged
            let record = truck.Records[judged.Index]
            where judged.Fence is { } fence ? fence.Point.Id == pointId : record.PointId == pointId
            select Placed(EvidenceWords.Of(record, judged, Plan.Rules), judged);
        return
        [
            .. ofTrucks.Concat(drops[pointId].Select(EvidenceWords.Of))
                .Where(u => u.Record.Stamp.Time >= from && u.Record.Stamp.Time < until)
                .OrderBy(u => u.Record.Stamp.Time).ThenBy(u => u.Record.Stamp.Device, StringComparer.Ordinal),
        ];
    }

    /// <summary>The confirmations and pictures of [from, until), about any point or none, by time.</summary>
    public IReadOnlyList<EvidenceUse> CapturesIn(Instant from, Instant until) =>
    [
        .. evidence.SelectMany(t => t.Judged.Select(j => (Record: t.Records[j.Index], Judged: j)))
            .Where(e => e.Record.Type is EvidenceType.Manual or EvidenceType.Photo)
            .Where(e => e.Record.Stamp.Time >= from && e.Record.Stamp.Time < until)
            .Select(e => EvidenceWords.Of(e.Record, e.Judged, Plan.Rules))
            .OrderBy(u => u.Record.Stamp.Time).ThenBy(u => u.Record.Stamp.Device, StringComparer.Ordinal),
    ];

    /// <summary>Adds what else is known of the moment at which it was made.</summary>
    private EvidenceUse Placed(EvidenceUse use, JudgedEvidence judged)
    {
        var (stamp, fence) = (use.Record.Stamp, judged.Fence);
        var isSaid = use.Record.Type is EvidenceType.Manual or EvidenceType.Photo;
        var fix = isSaid && sight.TryGetValue(stamp.Device, out var gaps)
            ? gaps.Track.NearestTo(stamp.Time, Plan.Rules.EvidenceFixMax) : null;
        return use with
        {
            TrackerM = fix is { } there ? fence?.MetresTo(there.Lat, there.Lon) : null,
            AcceptedBy = judged.Finding == Finding.Accepted ? rulings.Of(stamp)?.Supervisor : null,
            Visit = use.Accepted ? VisitOf(use) : null,
        };
    }

    private Visit? VisitOf(EvidenceUse use)
    {
        var at = use.Record.Stamp.Time;
        TimeSpan Distance(Visit visit) => at < visit.Arrive ? visit.Arrive - at
            : visit.Depart is { } depart && at > depart ? at - depart
            : TimeSpan.Zero;
        return Visits.Where(v => v.PointId == use.PointId && v.TruckId == use.Record.Stamp.Device)
            .Where(v => Distance(v) <= Plan.Rules.EvidenceJoin).MinBy(Distance);
    }
}
