using System.Globalization;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>Draws one session: the battery, how empty it is, why and when it stops, how long the bike stays.</summary>
internal static class SessionDraw
{
    public static Session Next(Random random, string pile, int port, long pluggedIn)
    {
        var start = pluggedIn + (long)random.Between(15_000, 60_000);
        var battery = PickBattery(random);
        var plateau = random.Between(battery.PowerMinW, battery.PowerMaxW);
        var energy = battery.CapacityWh * Weather.BatteryShare(Weather.AmbientC(start)) * random.BetaThreeTwo()
            / Assumptions.WallEfficiency;
        var (taperFrom, floatFrom) = Curve(start, plateau, energy);
        var floats = random.Between(Assumptions.FloatMinutesMin, Assumptions.FloatMinutesMax);
        var full = floatFrom + (long)(floats * CityTime.MinuteMs);
        var (stop, end) = Stopped(random, start, full);
        var unplugged = end + Stays(random, stop, end);
        return new Session(port, IdOf(pile, port, start), pluggedIn, start)
        {
            PlateauW = plateau, TaperFrom = taperFrom, FloatFrom = floatFrom, End = end, Unplugged = unplugged, Stop = stop,
            EndReported = end, Settled = end + SettlesAfter(random),
            SettledTwice = random.Chance(Assumptions.DuplicateSettlement),
        };
    }

    /// <summary>The session as it is when the port fails, or loses its mains, from <paramref name="at"/> on.</summary>
    public static Session CutOff(Session session, long at, long until, StopReason stop, bool dark)
    {
        var reported = dark ? until + (20 * CityTime.SecondMs) : at;
        return session with
        {
            End = at,
            Stop = stop,
            EndReported = reported,
            Unplugged = Math.Max(session.Unplugged, until + (5 * CityTime.MinuteMs)),
            Settled = reported + (session.Settled - session.End),
        };
    }

    private static BatteryClass PickBattery(Random random)
    {
        var left = random.NextDouble();
        foreach (var battery in Assumptions.Batteries)
        {
            left -= battery.Share;
            if (left < 0)
            {
                return battery;
            }
        }
        return Assumptions.Batteries[0];
    }

    // The taper takes a fixed share of the time, so the energy of both parts grows with the flat part: solve for its length.
    private static (long TaperFrom, long FloatFrom) Curve(long start, double plateau, double energyWh)
    {
        const double taperPerFlat = (1 - Assumptions.ConstantCurrentShare) / Assumptions.ConstantCurrentShare;
        var steepness = Math.Log(plateau / Assumptions.TailW);
        var taperShare = taperPerFlat / steepness * (1 - (Assumptions.TailW / plateau));
        var flatHours = energyWh / (plateau * (1 + taperShare));
        var taperFrom = start + (long)(flatHours * CityTime.HourMs);
        return (taperFrom, taperFrom + (long)(flatHours * taperPerFlat * CityTime.HourMs));
    }

    private static (StopReason Reason, long End) Stopped(Random random, long start, long full)
    {
        var limit = start + (long)(Assumptions.ChargeHoursMax * CityTime.HourMs);
        var early = start + (long)((Math.Min(full, limit) - start) * random.Between(0.15, 0.9));
        return random.NextDouble() switch
        {
            < Assumptions.StopByLimit => (random.Chance(0.6) ? StopReason.TimeLimit : StopReason.AmountLimit, early),
            < Assumptions.StopByUser => (StopReason.UserUnplugged, early),
            < Assumptions.StopByOperator => (random.Chance(0.5) ? StopReason.Remote : StopReason.UserLocal, early),
            < Assumptions.StopByLowPower => (StopReason.PowerTooLow, start + (long)random.Between(30_000, 180_000)),
            < Assumptions.StopByOverload => (StopReason.Overload, early),
            < Assumptions.StopByHeat => (StopReason.OverTemperature, early),
            < Assumptions.StopByOther => (StopReason.Other, early),
            _ when full > limit => (StopReason.TimeLimit, limit),
            _ => (StopReason.Full, full),
        };
    }

    private static long Stays(Random random, StopReason stop, long end)
    {
        if (stop == StopReason.UserUnplugged)
        {
            return 0;
        }
        var minutes = random.NextDouble() switch
        {
            < Assumptions.LeavesSoon => Math.Min(60, 1 + random.Exponential(20)),
            < 1 - Assumptions.StaysOverNight => random.Between(60, 180),
            _ when CityTime.HourOf(end) is >= 16 or < 6 => MinutesUntilMorning(end) + random.Between(-30, 90),
            _ => random.Between(180, 480),
        };
        return (long)(Math.Max(1, minutes) * CityTime.MinuteMs);
    }

    private static double MinutesUntilMorning(long end)
    {
        var morning = CityTime.StartOf(CityTime.DayOf(end + (8 * CityTime.HourMs))) + (7 * CityTime.HourMs);
        return Math.Max(0, morning - end) / (double)CityTime.MinuteMs;
    }

    private static long SettlesAfter(Random random) => random.Chance(Assumptions.LateSettlement)
        ? (long)random.Between(1 * CityTime.HourMs, 12 * CityTime.HourMs)
        : (long)random.Between(2_000, 20_000);

    private static string IdOf(string pile, int port, long start) =>
        string.Create(CultureInfo.InvariantCulture, $"{pile}-{port}-{start / 1000}");
}
