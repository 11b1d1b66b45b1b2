using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>The windows of a city that registered none of that key: 早, 中, 晚 in Asia/Shanghai.</summary>
public static class DefaultWindows
{
    private static readonly CollectionWindow[] All =
    [
        Of("MORNING", new(4, 30), new(8, 0)), Of("NOON", new(11, 0), new(14, 0)), Of("EVENING", new(17, 0), new(21, 0)),
    ];

    /// <summary>The default window of a key; null when the key has none.</summary>
    public static CollectionWindow? Find(string key) => Array.Find(All, w => w.Key == key);

    private static CollectionWindow Of(string key, TimeOnly start, TimeOnly end) => new(
        "default-" + key, new Validity(Instant.Min, null), key, start, end, ServiceClock.DefaultZone, TimeSpan.Zero,
        TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(120));
}
