using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Asks the domain about a world: hands it the records as a store does, but shuffled and some of them twice.</summary>
internal sealed class DomainFeed
{
    private readonly OracleWorld world;
    private readonly Random random;

    /// <param name="histories">As somebody else read them; null: as the world's deliveries make them.</param>
    public DomainFeed(OracleWorld world, Random random, IReadOnlyList<PileHistory>? histories = null)
    {
        (this.world, this.random) = (world, random);
        Histories = histories ?? [.. Enumerable.Range(0, world.Piles.Count).Select(History)];
        FaultLogs = [.. Histories.Select(h => FaultLog.Of(h.Faults, Evaluation))];
    }

    public IReadOnlyList<PileHistory> Histories { get; }

    public IReadOnlyList<FaultLog> FaultLogs { get; }

    public Instant Evaluation => At(world.Evaluation);

    public ChargingRules Rules => ChargingRules.Default with { MaxSession = TimeSpan.FromSeconds(world.MaxSessionSeconds) };

    public Buckets Buckets(BucketKind kind) => Domain.Telemetry.Buckets.Of(kind, At(world.From), At(world.Until), world.Zone);

    public UtilizationTable Table(BucketKind kind)
    {
        var table = new UtilizationTable(world.Groups, Buckets(kind), world.Grouping == Grouping.Compound, Rules);
        for (var pile = 0; pile < Histories.Count; pile++)
        {
            var ledger = Ledger(pile);
            table.Add(Histories[pile], Groups(pile), Segments(pile), ledger.Postings, ledger.Sessions, Evaluation);
        }
        return table;
    }

    public SessionLedger Ledger(int pile)
    {
        var ledger = new SessionLedger(Rules);
        ledger.Read(Histories[pile], Evaluation);
        return ledger;
    }

    public List<StatusSegment> Segments(int pile)
    {
        var segments = new List<StatusSegment>();
        var offline = OfflineSpans.Of(Histories[pile], Evaluation);
        StatusTimeline.Write(
            Histories[pile], FaultLogs[pile].Faults, offline, At(world.From), At(world.Until), Evaluation, segments);
        return segments;
    }

    public static Instant At(long second) => new(second * 1000);

    public PileGroups Groups(int pile) => new(
        [.. world.Piles[pile].Select(version => world.GroupOf(pile, version, 1) ?? -1)], world.Grouping == Grouping.Port);

    private PileHistory History(int pile)
    {
        var history = new PileHistory($"P{pile}", [.. world.Piles[pile].Select(version => ToPile(pile, version))]);
        var own = world.Deliveries.Where(d => d.Pile == pile).ToList();
        history.Wills.AddRange(own.Where(d => d.What is Gone && d.Received <= world.Evaluation).Select(d => At(d.Received)));
        var kept = own.Where(d => d.What is not Gone).GroupBy(d => (d.Boot, d.Sequence, d.Index))
            .Select(g => g.MinBy(d => d.Received)!).ToList();
        var boots = own.Where(d => d.What is not Gone && d.Boot is not null).ToLookup(d => d.Boot!.Value, d => d.Received);
        var heard = new List<Instant>();
        foreach (var delivery in Messed(kept))
        {
            var stamp = StampOf(delivery, delivery.Boot is { } boot ? At(boots[boot].Min()) : new Instant(0));
            heard.Add(stamp.Time);
            Take(history, stamp, delivery.What);
        }
        history.Silences.AddRange(Silences.FromHeard(heard.Where(h => h <= Evaluation), history.Id));
        return history.Settle();
    }

    /// <summary>In any order, and some of them again.</summary>
    private Delivery[] Messed(List<Delivery> kept)
    {
        Delivery[] all = [.. kept, .. kept.Where(_ => random.Next(8) == 0)];
        random.Shuffle(all);
        return all;
    }

    public static Stamp StampOf(Delivery delivery, Instant boot)
    {
        Instant? sent = delivery.SentAt is { } sentAt ? At(sentAt) : null;
        var (time, flags) = EventTime.Of(At(delivery.Time), sent, At(delivery.Received));
        return new Stamp(
            $"P{delivery.Pile}", time, At(delivery.Received), boot, delivery.Sequence, delivery.Index, flags);
    }

    private static void Take(PileHistory history, Stamp stamp, object what)
    {
        switch (what)
        {
            case Said said:
                history.Statuses.Add(new StatusRecord(stamp, said.Port, said.Status, null, null));
                break;
            case Metered sample:
                history.Samples.Add(new EnergySample(stamp, sample.Port, sample.Session, (double)sample.Wh));
                break;
            case Sensed sensed:
                history.Sensors.Add(new SensorSample(
                    stamp, sensed.Port, (double?)sensed.Watts, (double?)sensed.PortC, (double?)sensed.AirC));
                break;
            case Step step:
                history.Sessions.Add(new SessionRecord(
                    stamp, step.Port, step.Session, step.Event, step.Start is { } start ? At(start) : null,
                    step.End is { } end ? At(end) : null, (double?)step.Wh, null, StopReason.Unknown, null));
                break;
            case Trouble trouble:
                history.Faults.Add(new FaultRecord(stamp, trouble.Port, trouble.Code, trouble.Event, trouble.Value, null, null));
                break;
        }
    }

    public static Pile ToPile(int pile, OracleVersion version) => new(
        $"P{pile}", new Validity(At(version.From), version.Until is { } until ? At(until) : null), $"P{pile}",
        $"C{version.Compound}", version.Kind, version.Ports, (double?)version.RatedW,
        TimeSpan.FromSeconds(version.IntervalSeconds), null, null, null);
}
