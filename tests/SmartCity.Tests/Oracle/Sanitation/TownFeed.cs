using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Asks the domain about a town: hands it the records as a store does, but shuffled and some of them twice.</summary>
internal static class TownFeed
{
    public static RegistrySnapshot Registry(OracleRegistry registry) => new(
        registry.Areas, [], registry.Trucks, [], registry.Points, registry.Bins, registry.Windows, registry.Assignments);

    public static SanitationOutcome Judge(OracleTown town, Random random)
    {
        var (evaluation, rules) = (DomainFeed.At(town.Evaluation), SanitationRules.Default);
        var plan = ObligationPlan.Of(
            Registry(town.Registry), rules, town.First, town.Last, null, ApprovedExceptions.Of(town.Exceptions, evaluation));
        var (positions, evidence, bins) = (new List<PositionRecord>(), new List<EvidenceRecord>(), new List<BinRecord>());
        foreach (var (stamp, what) in Messed(Stamped(town), random))
        {
            switch (what)
            {
                case Seen seen:
                    positions.Add(new PositionRecord(stamp, seen.Lat, seen.Lon, seen.SpeedKmh, null, seen.AccuracyM, seen.Valid));
                    break;
                case Proof proof:
                    evidence.Add(new EvidenceRecord(
                        stamp, proof.Type, proof.PointId, proof.Epc, proof.NetKg, proof.Count, null, null, proof.Lat, proof.Lon));
                    break;
                case Filled filled:
                    bins.Add(new BinRecord(stamp, filled.Bin, filled.Ratio, null, null));
                    break;
            }
        }
        var records = SanitationRecords.Of(positions, evidence, bins, rules, evaluation) with { Acceptances = Acceptances(town) };
        return SanitationEvaluation.Of(plan, records, evaluation);
    }

    /// <summary>Each record once, as it came in first.</summary>
    private static List<(Stamp Stamp, object What)> Stamped(OracleTown town)
    {
        var boots = Boots(town);
        var stamped = new List<(Stamp, object)>();
        foreach (var copies in town.Deliveries.GroupBy(d => (d.Pile, d.Boot, d.Sequence, d.Index, d.What)))
        {
            var delivery = copies.MinBy(d => d.Received)!;
            Instant? sent = delivery.SentAt is { } sentAt ? DomainFeed.At(sentAt) : null;
            var received = DomainFeed.At(delivery.Received);
            var (time, flags) = EventTime.Of(DomainFeed.At(delivery.Time), sent, received);
            stamped.Add((new Stamp(
                OracleTown.NameOf(delivery.Pile), time, received, BootOf(boots, delivery.Pile, delivery.Boot), delivery.Sequence,
                delivery.Index, flags), delivery.What));
        }
        return stamped;
    }

    private static EvidenceAcceptance[] Acceptances(OracleTown town)
    {
        var boots = Boots(town);
        return
        [
            .. town.Believed.Select(b => new EvidenceAcceptance(
                OracleTown.NameOf(b.Truck), BootOf(boots, b.Truck, b.Boot), b.Sequence, b.Index, "Zhao", DomainFeed.At(b.At))),
        ];
    }

    private static Dictionary<(int, int), long> Boots(OracleTown town) => town.Deliveries.Where(d => d.Boot is not null)
        .GroupBy(d => (d.Pile, d.Boot!.Value)).ToDictionary(g => g.Key, g => g.Min(d => d.Received));

    private static Instant BootOf(Dictionary<(int, int), long> boots, int device, int? boot) =>
        DomainFeed.At(boot is { } b ? boots[(device, b)] : 0);

    private static (Stamp, object)[] Messed(List<(Stamp, object)> kept, Random random)
    {
        (Stamp, object)[] all = [.. kept, .. kept.Where(_ => random.Next(8) == 0)];
        random.Shuffle(all);
        return all;
    }
}
