using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>Writes down what the level sensors in a point's bins see of one local day.</summary>
internal static class PointDay
{
    private const double FullAfterHoursMin = 11, FullAfterHoursMax = 20, LevelSigma = 0.03, Residue = 0.03;

    public static DeviceDay Write(int seed, PointPlan point, SanitationDays days, int day)
    {
        var emptied = Emptied(days[day - 1], point).Concat(Emptied(days[day], point)).Order().ToList();
        var noise = Seeds.Stream(seed, point.Id + "/noise", day);
        var rates = RatesOf(seed, point);
        var produced = new List<Produced>();
        var step = Assumptions.BinReadingS * CityTime.SecondMs;
        for (var at = CityTime.StartOf(day) + (17 * CityTime.SecondMs); at < CityTime.StartOf(day + 1); at += step)
        {
            var since = emptied.FindLast(e => e <= at) is var last and > 0 ? last : CityTime.StartOf(day - 1);
            for (var b = 0; b < point.Bins.Count; b++)
            {
                if (IsDead(seed, point.Bins[b]))
                {
                    continue;
                }
                var fill = Residue + ((at - since) / (double)CityTime.HourMs * rates[b]) + noise.Gaussian(LevelSigma);
                produced.Add(new Produced(at, UplinkChannel.Bin, new BinRecord
                {
                    Time = at, BinId = point.Bins[b].Id, FillRatio = Math.Round(Math.Clamp(fill, 0, 1), 3),
                    TempC = Math.Round(Weather.AmbientC(at), 1), Status = "OK",
                }));
            }
        }
        return new DeviceDay(UplinkKind.Point, point.Id, day, produced, [], 0);
    }

    private static bool IsDead(int seed, BinPlan bin) => Seeds.Stream(seed, bin.Id + "/sensor").Chance(Assumptions.DeadSensor);

    private static double[] RatesOf(int seed, PointPlan point)
    {
        var random = Seeds.Stream(seed, point.Id + "/fill");
        return [.. point.Bins.Select(_ => 1 / random.Between(FullAfterHoursMin, FullAfterHoursMax))];
    }

    private static IEnumerable<long> Emptied(SanitationDay day, PointPlan point) =>
        day.Obligations.Where(o => o.Point == point.Id && o.At is not null).Select(o => o.At!.Value);
}
