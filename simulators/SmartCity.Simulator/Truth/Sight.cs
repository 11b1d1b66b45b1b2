using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;

namespace SmartCity.Simulator.Truth;

/// <summary>Whether anybody could know of a visit.</summary>
internal static class Sight
{
    private const int FixesMin = 2;
    private const double StrayM = 25;

    /// <summary>A lift or a weight of the visit left the device, or two usable fixes did.</summary>
    public static bool Saw(DeviceDay truck, long arrived, long left)
    {
        var fixes = 0;
        foreach (var record in truck.Records)
        {
            if (record.At < arrived || record.At > left || truck.IsLost(record.At))
            {
                continue;
            }
            if (record.Channel == UplinkChannel.Evidence)
            {
                return true;
            }
            fixes += record.Record is PositionRecord fix && IsUsable(fix) ? 1 : 0;
        }
        return fixes >= FixesMin;
    }

    /// <summary>When the tracker said that the truck was somewhere else.</summary>
    public static IEnumerable<long> Strays(DeviceDay truck, TruckJourney journey)
    {
        var leg = 0;
        foreach (var record in truck.Records)
        {
            while (leg + 1 < journey.Legs.Count && journey.Legs[leg].Until <= record.At)
            {
                leg++;
            }
            if (record.Record is PositionRecord fix && IsUsable(fix)
                && Place.At(fix.Lat, fix.Lon).DistanceTo(journey.Legs[leg].At(record.At)) > StrayM)
            {
                yield return record.At;
            }
        }
    }

    private static bool IsUsable(PositionRecord fix) => !fix.HasFixValid || fix.FixValid;
}
