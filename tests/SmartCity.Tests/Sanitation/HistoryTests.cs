using CsCheck;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>What holds for every history: two trucks, four points (two of them close together), three windows, holes, tags,
/// confirmations and bad clocks at random.</summary>
public sealed class HistoryTests
{
    private static readonly Instant Evaluation = Town.At("2026-11-24 12:00:00");
    private static readonly double[] Places = [0, 300, 340, 700, 1_500];

    private static readonly ObligationPlan Plan = new Town().Truck("T1").Truck("T2")
        .Point("P", 300, "MORNING NOON EVENING").Point("Q", 340, "MORNING EVENING").Point("R", 700, "NOON", truck: "T2")
        .Point("S", 1_500, "MORNING NOON EVENING", route: null)
        .Bin("E0", "P").Bin("E1", "Q").Bin("E2", "R").Plan(Town.Monday, Town.Monday);

    private sealed record History(List<PositionRecord> Positions, List<EvidenceRecord> Evidence, List<BinRecord> Bins)
    {
        public SanitationOutcome Judge() => SanitationEvaluation.Of(
            Plan, SanitationRecords.Of(Positions, Evidence, Bins, Plan.Rules, Evaluation), Evaluation);
    }

    // A leg: wait, then stand or drive somewhere, reporting at some interval or not at all.
    private static readonly Gen<(int Minutes, int Place, int IntervalS, int Speed, int Piece)> Leg =
        Gen.Select(Gen.Int[1, 90], Gen.Int[0, 4], Gen.OneOf(20, 30, 60, 150, 0), Gen.OneOf(0, 0, 4, 20), Gen.Int[0, 9]);

    private static readonly Gen<History> Histories = Gen.Select(Leg.Array[5, 25], Leg.Array[0, 25], Gen.Int[0, 6])
        .Select((one, two, drops) =>
        {
            var history = new History([], [], []);
            Drive(history, "T1", one);
            Drive(history, "T2", two);
            for (var i = 0; i < drops; i++)
            {
                var time = Town.At("04:00:00") + TimeSpan.FromMinutes(37 * i);
                history.Bins.Add(new BinRecord(StampOf("P", time, i, StampFlags.None), "b", i % 2 == 0 ? 0.8 : 0.1, null, null));
            }
            return history;
        });

    private static void Drive(History history, string truck, (int Minutes, int Place, int IntervalS, int Speed, int Piece)[] legs)
    {
        var time = Town.At("03:00:00");
        var sequence = 0;
        foreach (var (minutes, place, interval, speed, piece) in legs)
        {
            var until = time + TimeSpan.FromMinutes(minutes);
            var at = Town.Place(Places[place]);
            for (var t = time; interval > 0 && t < until; t += TimeSpan.FromSeconds(interval))
            {
                var stamp = StampOf(truck, t, sequence++, StampFlags.None);
                history.Positions.Add(new PositionRecord(stamp, at.Lat, at.Lon, speed, null, 8, true));
            }
            AddPiece(history, truck, piece, time + TimeSpan.FromSeconds(40), place, sequence++);
            time = until;
        }
    }

    private static void AddPiece(History history, string truck, int piece, Instant time, int place, int sequence)
    {
        var at = Town.Place(Places[place]);
        var refused = StampFlags.ClockRefused | StampFlags.Undatable;
        EvidenceRecord Of(EvidenceType type, string? point, string? epc, double? kg, bool isPlaced, StampFlags flags = StampFlags.None) =>
            new(StampOf(truck, time, sequence, flags), type, point, epc, kg, null, null, null,
                isPlaced ? at.Lat : null, isPlaced ? at.Lon : null);
        EvidenceRecord? record = piece switch
        {
            0 => Of(EvidenceType.RfidLift, null, "E0", null, true),
            1 => Of(EvidenceType.RfidLift, "P", "E1", 5, false),
            2 => Of(EvidenceType.WeightDelta, null, null, 20, true),
            3 => Of(EvidenceType.LiftActuation, null, null, null, false),
            4 => Of(EvidenceType.Manual, "R", null, null, true),
            5 => Of(EvidenceType.RfidLift, null, "E2", null, true, refused),
            _ => null,
        };
        if (record is { } made)
        {
            history.Evidence.Add(made);
        }
    }

    private static Stamp StampOf(string device, Instant time, int sequence, StampFlags flags) =>
        new(device, time, time + TimeSpan.FromSeconds(2), new Instant(0), sequence, 0, flags);

    [Fact]
    public void Order_copies_and_delay_of_records_change_nothing() =>
        Gen.Select(Histories, Gen.Int[0, 1_000_000]).Sample(
            (history, seed) =>
            {
                var random = new Random(seed);
                var other = new History(
                    Disturb(history.Positions, random), Disturb(history.Evidence, random), Disturb(history.Bins, random));
                var (a, b) = (history.Judge(), other.Judge());
                Assert.Equal(a.Obligations, b.Obligations);
                Assert.Equal(a.Visits, b.Visits);
            },
            iter: 60);

    [Fact]
    public void Every_obligation_has_one_verdict_and_the_counts_add_up() =>
        Gen.Select(Histories, Gen.Int[0, 33 * 60]).Sample(
            (history, minutes) =>
            {
                var now = Town.At("03:00:00") + TimeSpan.FromMinutes(minutes);
                var outcome = SanitationEvaluation.Of(
                    Plan, SanitationRecords.Of(history.Positions, history.Evidence, history.Bins, Plan.Rules, now), now);
                Assert.Equal(Plan.Points.SelectMany(p => p.Asked).Select(o => o.Id), outcome.Obligations.Select(o => o.Obligation.Id));
                Assert.All(outcome.Obligations, o => Assert.True(Enum.IsDefined(o.Verdict)));
                var f = Compliance.Of(
                    outcome.Obligations, _ => true, _ => "", ServiceDateBucket.Whole, Town.Monday, Town.Monday).Single().Figures;
                Assert.Equal(Plan.Count, f.Scheduled);
                Assert.Equal(f.Scheduled, f.Cancelled + f.Excused + f.Open + f.Due);
                Assert.Equal(f.Due, f.OnTime + f.Early + f.Late + f.Missed + f.Undetermined);
            },
            iter: 60);

    [Fact]
    public void A_visit_serves_at_most_one_obligation_and_an_obligation_has_at_most_one_primary() =>
        Histories.Sample(
            history =>
            {
                var outcome = history.Judge();
                var primaries = outcome.Obligations.Where(o => o.Primary is not null).ToList();
                Assert.Equal(primaries.Count, primaries.Select(o => o.Primary!.Id).Distinct().Count());
                Assert.All(primaries, o => Assert.Equal((o.Obligation.Id, VisitRole.Primary), (o.Primary!.ObligationId!, o.Primary.Role)));
                Assert.All(primaries, o => Assert.True(o.Primary!.Grade >= EvidenceGrade.C && o.Obligation.Accepts(o.Primary.Decision)));
                var ofPrimaries = outcome.Visits.Where(v => v.Role == VisitRole.Primary).Select(v => v.ObligationId).ToList();
                Assert.Equal(ofPrimaries.Count, ofPrimaries.Distinct().Count());
            },
            iter: 60);

    [Fact]
    public void More_fixes_never_turn_blindness_into_a_miss_unless_they_close_the_gap() =>
        Gen.Select(Histories, Gen.Int[0, 3], Gen.Int[1, 500]).Sample(
            (history, keep, seed) =>
            {
                var random = new Random(seed);
                var fewer = history with { Positions = history.Positions.FindAll(_ => random.Next(4) > keep) };
                var before = fewer.Judge();
                var after = history.Judge();
                foreach (var (a, b) in before.Obligations.Zip(after.Obligations))
                {
                    if (a.Verdict != Verdict.Undetermined || b.Verdict != Verdict.Missed)
                    {
                        continue;
                    }
                    foreach (var truck in before.WatchOf(a.Obligation).Where(t => t.CouldHaveComeUnseen))
                    {
                        Assert.Contains(history.Positions, p => p.Stamp.Device == truck.TruckId
                            && p.Stamp.Time > (truck.BlindFrom ?? Instant.Min) && p.Stamp.Time < (truck.BlindUntil ?? Instant.Max));
                    }
                }
            },
            iter: 60);

    private static List<T> Disturb<T>(List<T> records, Random random) where T : struct, ITelemetryRecord
    {
        var disturbed = new List<T>();
        foreach (var record in records)
        {
            for (var copies = random.Next(3); copies >= 0; copies--)
            {
                disturbed.Add(Delay(record, random.Next(20_000_000)));
            }
        }
        var array = disturbed.ToArray();
        random.Shuffle(array);
        return [.. array];
    }

    private static T Delay<T>(T record, int milliseconds) where T : struct, ITelemetryRecord
    {
        var stamp = record.Stamp with { Received = record.Stamp.Received + TimeSpan.FromMilliseconds(milliseconds) };
        return record switch
        {
            PositionRecord p => (T)(object)(p with { Stamp = stamp }),
            EvidenceRecord e => (T)(object)(e with { Stamp = stamp }),
            BinRecord b => (T)(object)(b with { Stamp = stamp }),
            _ => record,
        };
    }
}
