namespace SmartCity.Domain.Telemetry;

/// <summary>The plain definition of silences; stores answer the same from what they hold.</summary>
public static class Silences
{
    /// <summary>The gaps between successive moments that are longer than asked for, and, last, the one without an end.</summary>
    /// <param name="heard">When the device was heard, in any order and any number of times.</param>
    /// <param name="device">Who was heard.</param>
    /// <param name="longerThan">Gaps of exactly this length are left out.</param>
    public static IEnumerable<Silence> FromHeard(IEnumerable<Instant> heard, string device = "", TimeSpan longerThan = default)
    {
        Instant? last = null;
        foreach (var at in heard.Order())
        {
            if (last is { } from && at - from > longerThan)
            {
                yield return new Silence(device, from, at);
            }
            last = at;
        }
        if (last is { } end)
        {
            yield return new Silence(device, end, null);
        }
    }
}
