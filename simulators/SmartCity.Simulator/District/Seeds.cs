namespace SmartCity.Simulator.District;

/// <summary>Independent random streams: the same seed, name and number always give the same stream.</summary>
internal static class Seeds
{
    public static Random Stream(int seed, string name, int number = 0)
    {
        var hash = 2166136261u;
        hash = Mix(hash, (uint)seed);
        hash = Mix(hash, (uint)number);
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 16777619u;
        }
        hash ^= hash >> 15;
        hash *= 0x2C1B3C6D;
        return new Random((int)(hash ^ (hash >> 13)));
    }

    private static uint Mix(uint hash, uint value)
    {
        for (var i = 0; i < 4; i++)
        {
            hash = (hash ^ (value & 0xFF)) * 16777619u;
            value >>= 8;
        }
        return hash;
    }
}
