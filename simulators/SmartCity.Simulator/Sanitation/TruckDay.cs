using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>Writes down what a truck's tracker, tag reader and scale see of its day.</summary>
internal sealed class TruckDay
{
    private const double FaultyFix = 0.003, DeadTracker = 0.003, ScaleSigmaKg = 3;
    private readonly TruckJourney journey;
    private readonly Canyons canyons;
    private readonly long from;
    private readonly long until;
    private readonly long clock;
    private readonly Random noise;
    private readonly List<Produced> produced = [];

    private TruckDay(int seed, TruckJourney journey, Canyons canyons, int day)
    {
        this.journey = journey;
        this.canyons = canyons;
        from = CityTime.StartOf(day);
        until = CityTime.StartOf(day + 1);
        clock = DeviceClock.OffsetOf(journey.Truck, day);
        noise = Seeds.Stream(seed, journey.Truck + "/noise", day);
    }

    public static DeviceDay Write(int seed, TruckJourney journey, Canyons canyons, int day)
    {
        var writer = new TruckDay(seed, journey, canyons, day);
        writer.WriteConn();
        writer.WritePositions();
        writer.WriteEvidence();
        var gaps = writer.DrawGaps(Seeds.Stream(seed, journey.Truck + "/link", day));
        return new DeviceDay(
            UplinkKind.Truck, journey.Truck, day, [.. writer.produced.OrderBy(p => p.At)], gaps, writer.clock);
    }

    private void WriteConn()
    {
        for (var at = from; at < until; at += CityTime.HourMs)
        {
            produced.Add(new Produced(at, UplinkChannel.Conn, new ConnRecord
            {
                Time = at + clock, Online = true, Firmware = at == from ? "sim-1.0" : "", SignalCsq = 12 + noise.Next(18),
            }));
        }
    }

    private void WritePositions()
    {
        var at = from + noise.Next(Assumptions.MovingFixS * 1000);
        Leg? before = null;
        foreach (var leg in journey.Legs)
        {
            var every = (leg.Parked ? Assumptions.ParkedFixS : Assumptions.MovingFixS) * CityTime.SecondMs;
            // The tracker sleeps while the engine is off and wakes up with it: it tells where it stood, then the way.
            if (before is { Parked: true } parked && !leg.Parked)
            {
                produced.Add(new Produced(leg.From, UplinkChannel.Position, Fix(parked, leg.From)));
                at = leg.From + every;
            }
            before = leg;
            for (; at < leg.Until; at += every)
            {
                produced.Add(new Produced(at, UplinkChannel.Position, Fix(leg, at)));
            }
        }
    }

    private PositionRecord Fix(Leg leg, long at)
    {
        var outlier = noise.Chance(Assumptions.FixOutlier);
        var off = outlier ? noise.Between(30, 150) : 0;
        var angle = noise.Between(0, 2 * Math.PI);
        var inCanyon = canyons.Contains(leg.At(at));
        var sigma = leg.Parked ? Assumptions.FixSigmaM / 3 : SigmaAt(inCanyon);
        var seen = leg.At(at).Moved(
            noise.Gaussian(sigma) + (off * Math.Sin(angle)), noise.Gaussian(sigma) + (off * Math.Cos(angle)));
        var speed = leg.Moves ? Math.Max(0, leg.SpeedKmh + noise.Gaussian(1)) : Math.Abs(noise.Gaussian(0.4));
        var fix = new PositionRecord
        {
            Time = at + clock, Lat = Math.Round(seen.Lat, 6), Lon = Math.Round(seen.Lon, 6), SpeedKmh = Math.Round(speed, 1),
            AccuracyM = Math.Round(outlier ? noise.Between(20, 80) : noise.Between(3, 9), 1),
        };
        if (leg.Moves)
        {
            fix.HeadingDeg = Math.Round(leg.Start.HeadingTo(leg.End) + noise.Between(0, 3), 0) % 360;
        }
        if (noise.Chance(inCanyon ? Assumptions.CanyonNoFix : FaultyFix))
        {
            fix.FixValid = false;
        }
        return fix;
    }

    private void WriteEvidence()
    {
        foreach (var lift in journey.Lifts)
        {
            var record = Evidence(lift.At, EvidenceType.WeightDelta, lift.Truck);
            record.NetKg = Math.Round(Math.Max(0.5, lift.NetKg + noise.Gaussian(ScaleSigmaKg)), 1);
            produced.Add(new Produced(lift.At, UplinkChannel.Evidence, record));
            if (lift.TagRead)
            {
                AddTag(lift.At, lift.Bin, lift.Truck);
            }
        }
        foreach (var ghost in journey.Ghosts)
        {
            AddTag(ghost.At, ghost.Bin, ghost.Truck);
        }
    }

    private void AddTag(long at, BinPlan bin, Place truck)
    {
        var record = Evidence(at, EvidenceType.RfidLift, truck);
        record.Epc = bin.Epc;
        produced.Add(new Produced(at, UplinkChannel.Evidence, record));
    }

    private EvidenceRecord Evidence(long at, EvidenceType type, Place truck)
    {
        var sigma = SigmaAt(canyons.Contains(truck));
        var seen = truck.Moved(noise.Gaussian(sigma), noise.Gaussian(sigma));
        return new EvidenceRecord
        {
            Time = at + clock, Type = type, Lat = Math.Round(seen.Lat, 6), Lon = Math.Round(seen.Lon, 6),
        };
    }

    private List<LinkGap> DrawGaps(Random random)
    {
        var gaps = new List<LinkGap>();
        if (random.Chance(DeadTracker))
        {
            var dies = from + (long)(random.Between(3, 18) * CityTime.HourMs);
            return [new LinkGap(dies, Math.Min(until, dies + (long)(random.Between(2, 8) * CityTime.HourMs)), OutboxFate.Lost)];
        }
        const double mean = CityTime.DayMs / Assumptions.GapsPerTruckDay;
        for (var at = from + (long)random.Exponential(mean); at < until;)
        {
            var minutes = random.LogNormal(Assumptions.GapMedianMin, Assumptions.TruckGapSigma);
            var end = Math.Min(until, at + (long)(minutes * CityTime.MinuteMs));
            gaps.Add(new LinkGap(at, end, OutboxFates.Draw(random)));
            at = end + (long)random.Exponential(mean);
        }
        return gaps;
    }

    private static double SigmaAt(bool inCanyon) => inCanyon ? Assumptions.CanyonSigmaM : Assumptions.FixSigmaM;
}
