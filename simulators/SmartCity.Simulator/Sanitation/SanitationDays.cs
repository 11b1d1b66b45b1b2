using System.Collections.Concurrent;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>The days of all trucks, each worked out once and kept while its neighbours may ask for it.</summary>
internal sealed class SanitationDays(DistrictPlan plan)
{
    private const int KeptMax = 8;
    private readonly ConcurrentDictionary<int, Lazy<SanitationDay>> days = new();

    public SanitationDay this[int day]
    {
        get
        {
            if (days.Count > KeptMax)
            {
                days.TryRemove(days.Keys.Min(), out _);
            }
            return days.GetOrAdd(day, d => new Lazy<SanitationDay>(() => SanitationDay.Build(plan, d))).Value;
        }
    }
}
