using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;

namespace SmartCity.Simulator.Truth;

/// <summary>Whether anybody could know of a visit.</summary>
internal static class Sight
{
    private const int FixesMin = 2;

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
            fixes += record.Record is PositionRecord { FixValid: not false } ? 1 : 0;
        }
        return fixes >= FixesMin;
    }
}
