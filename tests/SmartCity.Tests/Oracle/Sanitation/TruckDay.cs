using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Where a truck wants to be, and when.</summary>
internal sealed record Errand(string PointId, Place Place, long At);

/// <summary>One truck at random: what it measures, before its device makes messages of it. Seconds.</summary>
internal sealed class TruckDay(Random random, long interval, IReadOnlyList<string> epcs, bool isTracked)
{
    private static readonly double?[] Speeds = [0, 0, 0, 3, 5, 5.01, null, null, 12];

    private readonly List<(long At, object What)> measured = [];
    private readonly bool isWatched = random.Next(2) == 0; // Hardly ever out of sight, and then only just.
    private Place place;
    private long now;

    public List<(long At, object What)> Of(IEnumerable<Errand> errands, long from, long until)
    {
        now = from;
        place = new Place(0, 0).Off(random, random.Next(20, 3000));
        foreach (var errand in errands.OrderBy(e => e.At))
        {
            Idle(errand.At - random.Next(20, 200));
            Serve(errand, Math.Max(now + 5, errand.At));
        }
        Idle(until);
        return measured;
    }

    /// <summary>Drives about, or stands, until a moment; sometimes out of sight.</summary>
    private void Idle(long until)
    {
        var isParked = random.Next(3) == 0;
        for (now += Step(); now < until; now += Step())
        {
            if (!isParked)
            {
                place = new Place(0, 0).Off(random, random.Next(200, 2500));
            }
            Fix(place.Off(random, random.NextDouble() * 8), isParked ? 0 : random.Next(6, 50));
            isParked = random.Next(12) == 0 ? !isParked : isParked;
        }
        now = Math.Max(now - (2 * interval), Math.Max(until, measured.Count > 0 ? measured[^1].At + 1 : until));
    }

    private long Step() => isWatched
        ? random.Next(80) == 0 ? (2 * interval) + 1 + random.NextInt64(500) : random.NextInt64(interval, (2 * interval) + 1)
        : AnyStep();

    private long AnyStep() => random.Next(40) switch
    {
        0 => (2 * interval) + random.Next(-1, 2),
        1 => 60 + random.Next(-1, 2),
        2 => 900 + random.Next(-1, 2),
        3 => random.NextInt64(600, 9000),
        4 => random.Next(0, 3),
        _ => random.NextInt64(interval / 2, (2 * interval) + 1),
    };

    private void Serve(Errand errand, long at)
    {
        now = at;
        if (random.Next(3) == 0)
        {
            Fix(errand.Place.Off(random, random.Next(70, 300)), 20);
            now += random.Next(5, 60);
        }
        if (random.Next(12) == 0)
        {
            StayLong(errand);
            return;
        }
        var start = now;
        var last = now;
        for (var fixes = random.Next(8) == 0 ? 0 : random.Next(1, 7); fixes > 0; fixes--)
        {
            Fix(errand.Place.Off(random, Spread()), Speeds[random.Next(Speeds.Length)]);
            last = now;
            now += Pause();
        }
        for (var proofs = random.Next(5) - 1; proofs > 0; proofs--)
        {
            var edge = random.Next(2) == 0 ? start - 180 : last + 180;
            var any = random.NextInt64(start - (random.Next(4) == 0 ? 400 : 20), now + (random.Next(4) == 0 ? 400 : 20));
            measured.Add((random.Next(6) == 0 ? edge + random.Next(-1, 2) : any, Evidence(errand)));
        }
        Leave(errand, last);
    }

    /// <summary>Long enough for two windows, with holes of about ten minutes and tags now and then.</summary>
    private void StayLong(Errand errand)
    {
        for (var fixes = random.Next(4, 12); fixes > 0; fixes--)
        {
            Fix(errand.Place.Off(random, 10), 0);
            if (random.Next(3) == 0 && epcs.Count > 0)
            {
                var epc = epcs[random.Next(epcs.Count)];
                measured.Add((now, new Proof(EvidenceType.RfidLift, errand.PointId, epc, null, null, null, null)));
            }
            now += random.Next(6) == 0 ? 600 + random.Next(-1, 2) : random.Next(200, 600);
        }
    }

    private void Leave(Errand errand, long last)
    {
        for (var away = random.Next(3); away > 0; away--)
        {
            Fix(errand.Place.Off(random, random.Next(66, 400)), random.Next(3) == 0 ? null : 15);
            now += random.Next(2) == 0 ? Pause() : random.Next(30, 200);
        }
        if (random.Next(8) == 0 && now < last + 179)
        {
            now = last + 180 + random.Next(-1, 2);
            Fix(errand.Place.Off(random, 10), 0);
            now += random.Next(5, 200);
        }
    }

    /// <summary>How far from the middle of the fence: mostly near, often about its edge or that of the hysteresis.</summary>
    private double Spread() => random.Next(8) switch
    {
        0 => 38 + (random.NextDouble() * 5),
        1 => 62 + (random.NextDouble() * 6),
        2 => random.NextDouble() * 70,
        3 => 45 + (random.NextDouble() * 15),
        _ => random.NextDouble() * 15,
    };

    private long Pause() => isWatched ? random.Next(5, 60) : random.Next(24) switch
    {
        0 => random.Next(178, 184),
        1 => 1800 + random.Next(-1, 2),
        2 => random.Next(590, 1300),
        3 => random.Next(1300, 2400),
        4 or 5 => random.Next(29, 32),
        6 => 0,
        7 => 60,
        8 => random.Next(60, 181),
        _ => random.Next(5, 40),
    };

    private void Fix(Place where, double? speed)
    {
        if (!isTracked)
        {
            return;
        }
        var roll = random.Next(150);
        var geo = (roll == 0 ? where.Off(random, random.Next(1000, 30_000)) : where).ToGeo();
        var isZero = roll == 1;
        measured.Add((now, new Seen(
            isZero ? 0 : geo.Lat, isZero ? 0 : geo.Lon, speed,
            random.Next(40) switch { 0 => 100, 1 => 100.5, < 20 => 5, _ => null },
            random.Next(60) == 0 ? false : random.Next(2) == 0 ? true : null)));
    }

    private Proof Evidence(Errand errand)
    {
        var type = (EvidenceType)random.Next(0, 6);
        var far = random.Next(8) switch { 0 => 60 + (random.NextDouble() * 10), 1 => 145 + (random.NextDouble() * 10), 2 => 2000, _ => 20 };
        var geo = random.Next(3) == 0 ? errand.Place.Off(random, far).ToGeo() : default;
        var epc = random.Next(8) == 0 || epcs.Count == 0 ? (random.Next(3) == 0 ? null : "E99") : epcs[random.Next(epcs.Count)];
        return new Proof(
            type, random.Next(3) == 0 ? null : random.Next(12) == 0 ? "P9" : errand.PointId,
            type == EvidenceType.RfidLift ? epc : null,
            type == EvidenceType.WeightDelta ? random.Next(6) switch { 0 => 2.9, 1 => 3, 2 => null, _ => 20 } : null,
            type == EvidenceType.LiftActuation && random.Next(2) == 0 ? random.Next(1, 4) : null,
            geo == default ? null : geo.Lat, geo == default ? null : geo.Lon);
    }
}
