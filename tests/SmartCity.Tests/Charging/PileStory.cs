using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>Tells what a pile said, in seconds since the start of a day; every record is also a moment at which it was
/// heard.</summary>
internal sealed class PileStory
{
    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 3, 2, 16, 0, 0, TimeSpan.Zero));

    private readonly List<Instant> heard = [];
    private readonly List<Pile> versions = [];
    private long sequence;

    public PileStory(int ports = 2, double? ratedW = 1000, string id = "P1", int reportSeconds = 60) =>
        versions.Add(new Pile(
            id, new Validity(Instant.Min, null), id, "C1", PileKind.EbikeAc, ports, ratedW, TimeSpan.FromSeconds(reportSeconds),
            null, null, null));

    public List<StatusRecord> Statuses { get; } = [];

    public List<SessionRecord> Sessions { get; } = [];

    public List<EnergySample> Samples { get; } = [];

    public List<FaultRecord> Faults { get; } = [];

    public List<Instant> Wills { get; } = [];

    public IReadOnlyList<Pile> Versions => versions;

    public static Instant At(double second) => new(Start.Milliseconds + (long)(second * 1000));

    /// <summary>Valid only during these seconds; a second call adds a second version.</summary>
    public PileStory Valid(double from, double? until, int? ports = null, string? compound = null)
    {
        var first = versions[0];
        if (versions.Count == 1 && first.Validity.From == Instant.Min)
        {
            versions.Clear();
        }
        versions.Add(first with
        {
            Validity = new Validity(At(from), until is { } end ? At(end) : null),
            Ports = ports ?? first.Ports,
            CompoundId = compound ?? first.CompoundId,
        });
        return this;
    }

    public PileStory Heard(double second)
    {
        heard.Add(At(second));
        return this;
    }

    /// <summary>Heard all the time: no silence matters in this story.</summary>
    public PileStory HeardBetween(double from, double until, double every = 60)
    {
        for (var second = from; second <= until; second += every)
        {
            Heard(second);
        }
        return this;
    }

    public PileStory Status(double second, int port, PortStatus status)
    {
        Statuses.Add(new StatusRecord(Stamp(second), port, status, null, null));
        return this;
    }

    public PileStory Session(
        double second, string id, SessionEvent what, double? energyWh = null, double? start = null, double? end = null,
        StopReason reason = StopReason.Unknown, int port = 1, StampFlags flags = StampFlags.None)
    {
        Sessions.Add(new SessionRecord(
            Stamp(second, flags), port, id, what, start is { } s ? At(s) : null, end is { } e ? At(e) : null, energyWh, null,
                reason,
            null));
        return this;
    }

    public PileStory Sample(double second, string? id, double wattHours, int port = 1)
    {
        Samples.Add(new EnergySample(Stamp(second), port, id, wattHours));
        return this;
    }

    public PileStory Fault(double second, int port, int code, FaultEvent what, double? value = null, string? vendor = null)
    {
        Faults.Add(new FaultRecord(Stamp(second), port, code, what, value, vendor, null));
        return this;
    }

    public PileStory Will(double second)
    {
        Wills.Add(At(second));
        return this;
    }

    public PileHistory History()
    {
        var history = new PileHistory(versions[0].Id, versions);
        history.Statuses.AddRange(Statuses);
        history.Sessions.AddRange(Sessions);
        history.Samples.AddRange(Samples);
        history.Faults.AddRange(Faults);
        history.Wills.AddRange(Wills);
        history.Silences.AddRange(Silences.FromHeard(heard, history.Id));
        return history.Settle();
    }

    public List<StatusSegment> Timeline(double from, double until, double? evaluation = null)
    {
        var history = History();
        var at = At(evaluation ?? until);
        var segments = new List<StatusSegment>();
        StatusTimeline.Write(
            history, FaultLog.Of(history.Faults, at).Faults, OfflineSpans.Of(history, at), At(from), At(until), at, segments);
        return segments;
    }

    /// <summary>The timeline of one port as text: <c>0-60 Available, 60-100 Charging</c>.</summary>
    public string Told(int port, double from, double until, double? evaluation = null) => string.Join(
        ", ",
        Timeline(from, until, evaluation).Where(s => s.Port == port).Select(s =>
            $"{(s.From - Start).TotalSeconds:0.###}-{(s.Until - Start).TotalSeconds:0.###} {s.Status}"));

    /// <summary>The same with what it was caused by.</summary>
    public ExplainedTimeline Explained(double from, double until, double? evaluation = null)
    {
        var history = History();
        var faults = FaultLog.Of(history.Faults, At(evaluation ?? until)).Faults;
        return new ExplainedTimeline(history, faults, Timeline(from, until, evaluation));
    }

    public SessionLedger Ledger(double evaluation)
    {
        var ledger = new SessionLedger(ChargingRules.Default);
        ledger.Read(History(), At(evaluation));
        return ledger;
    }

    /// <summary>Sums the story; all of it in one group.</summary>
    public UtilizationTable Table(
        double from, double until, BucketKind bucket = BucketKind.Whole, double? evaluation = null, string zone = "Asia/Shanghai")
    {
        var buckets = Buckets.Of(bucket, At(from), At(until), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var table = new UtilizationTable(1, buckets, true, ChargingRules.Default);
        AddTo(table, evaluation ?? until);
        return table;
    }

    public void AddTo(UtilizationTable table, double evaluation)
    {
        var from = (table.Buckets.From - Start).TotalSeconds;
        var until = (table.Buckets.Until - Start).TotalSeconds;
        var groups = new PileGroups([.. Versions.Select(_ => 0)], false);
        var ledger = Ledger(evaluation);
        table.Add(History(), groups, Timeline(from, until, evaluation), ledger.Postings, ledger.Sessions, At(evaluation));
    }

    private Stamp Stamp(double second, StampFlags flags = StampFlags.None)
    {
        Heard(second);
        return new Stamp(versions[0].Id, At(second), At(second), Start, sequence++, 0, flags);
    }
}
