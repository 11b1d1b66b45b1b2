using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>Draws, in order of time, what goes wrong: with a port, with a pile's radio link, with a compound's mains.</summary>
internal static class FaultDraw
{
    private const double LinkGapHoursMax = 20, OutageHoursMax = 6;
    private const double MonthMs = 30.0 * CityTime.DayMs;

    // Relay open, loose contact, metering, detection circuit, fuse.
    private static readonly int[] WearCodes = [302, PortFault.LooseContact, 401, 402, 210];

    public static List<PortFault> OfPort(int seed, string pile, int port, long until)
    {
        var faults = new List<PortFault>();
        var random = Seeds.Stream(seed, pile + "/faults", port);
        var from = CityTime.Commissioned.ToUnixTimeMilliseconds();
        var bad = random.Chance(Assumptions.BadPorts);
        const double perMonth = Assumptions.FaultsPerPort + Assumptions.CriticalFaultsPerPort;
        for (var at = from + Gap(random, perMonth); at < until; at += Gap(random, perMonth))
        {
            var critical = random.Chance(Assumptions.CriticalFaultsPerPort / perMonth);
            var code = critical
                ? random.Chance(0.7) ? PortFault.OverTemperature : PortFault.Smoke
                : WearCodes[random.Next(WearCodes.Length)];
            var repaired = at + (long)(random.Weibull(Assumptions.RepairMedianH, Assumptions.RepairShape) * CityTime.HourMs)
                + (10 * CityTime.MinuteMs);
            faults.Add(new PortFault(port, code, at, repaired, Transient: false));
            at = repaired;
        }
        if (bad)
        {
            AddTransients(faults, Seeds.Stream(seed, pile + "/transients", port), port, from, until);
        }
        return faults;
    }

    /// <summary>A record of a fault now and then gets lost between the sensor and the outbox.</summary>
    /// <param name="at">When it should have been written.</param>
    public static bool IsRecordLost(int seed, string pile, PortFault fault, long at) => Seeds.Stream(
        seed, $"{pile}/{fault.Port}/{fault.Code}/lost", (int)(at / CityTime.SecondMs)).Chance(Assumptions.FaultRecordLost);

    public static List<LinkGap> OfLink(int seed, string pile, long until)
    {
        var fates = Seeds.Stream(seed, pile + "/fates");
        return Spans(
            Seeds.Stream(seed, pile + "/link"), Assumptions.LinkGapsPerPile, Assumptions.GapMedianMin, Assumptions.GapSigma,
            LinkGapHoursMax, until).ConvertAll(gap => gap with { Fate = OutboxFates.Draw(fates) });
    }

    /// <summary>Mains outages of a compound: all its piles are dark at once.</summary>
    public static List<LinkGap> OfMains(int seed, string compound, long until) => Spans(
        Seeds.Stream(seed, compound + "/mains"), Assumptions.OutagesPerCompound, Assumptions.OutageMedianMin,
        Assumptions.OutageSigma, OutageHoursMax, until);

    private static List<LinkGap> Spans(
        Random random, double perMonth, double medianMinutes, double sigma, double hoursMax, long until)
    {
        var spans = new List<LinkGap>();
        var at = CityTime.Commissioned.ToUnixTimeMilliseconds() + Gap(random, perMonth);
        while (at < until)
        {
            var minutes = Math.Min(hoursMax * 60, random.LogNormal(medianMinutes, sigma));
            var end = at + (long)(minutes * CityTime.MinuteMs) + (20 * CityTime.SecondMs);
            spans.Add(new LinkGap(at, end, OutboxFate.OldestFirst));
            at = end + Gap(random, perMonth);
        }
        return spans;
    }

    private static void AddTransients(List<PortFault> faults, Random random, int port, long from, long until)
    {
        const double perMonth = Assumptions.TransientFaultsPerBadPort;
        for (var at = from + Gap(random, perMonth); at < until; at += Gap(random, perMonth))
        {
            var end = at + (long)random.Between(50_000, 125_000);
            var code = random.Chance(0.7) ? PortFault.LooseContact : PortFault.SpringStuck;
            if (!faults.Exists(f => f.From < end && at < f.Until))
            {
                faults.Add(new PortFault(port, code, at, end, Transient: true));
            }
            at = end;
        }
    }

    private static long Gap(Random random, double perMonth) => (long)random.Exponential(MonthMs / perMonth);
}
