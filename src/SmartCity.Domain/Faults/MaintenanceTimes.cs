using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>When each pile was under maintenance.</summary>
public sealed class MaintenanceTimes
{
    private static readonly IReadOnlyList<(Instant From, Instant Until)> Never = [];
    private readonly Dictionary<string, List<(Instant From, Instant Until)>> spans = new(StringComparer.Ordinal);

    private MaintenanceTimes()
    {
    }

    /// <summary>Finds the piles of every declaration that was not cancelled, while they lie in its scope.</summary>
    /// <param name="declared">As known at the evaluation, in any order.</param>
    /// <param name="announcedOnly">Only what excuses: nothing before the moment at which it was declared.</param>
    public static MaintenanceTimes Of(RegistrySnapshot registry, IEnumerable<Maintenance> declared, bool announcedOnly)
    {
        var times = new MaintenanceTimes();
        foreach (var work in declared.Where(w => w.Cancelled is null))
        {
            var from = announcedOnly ? Instant.Later(work.From, work.Recorded) : work.From;
            foreach (var pile in RegistryScope.Piles(registry, work.Scope))
            {
                times.Add(
                    pile.Id, Instant.Later(from, pile.Validity.From),
                    Instant.Earlier(work.Until, pile.Validity.Until ?? Instant.Max));
            }
        }
        foreach (var pile in times.spans.Keys.ToList())
        {
            times.spans[pile] = Merged(times.spans[pile]);
        }
        return times;
    }

    /// <summary>Of one pile: oldest first, without overlaps.</summary>
    public IReadOnlyList<(Instant From, Instant Until)> Of(string pile) => spans.GetValueOrDefault(pile) ?? Never;

    private void Add(string pile, Instant from, Instant until)
    {
        if (from >= until)
        {
            return;
        }
        if (!spans.TryGetValue(pile, out var known))
        {
            spans.Add(pile, known = []);
        }
        known.Add((from, until));
    }

    private static List<(Instant From, Instant Until)> Merged(List<(Instant From, Instant Until)> spans)
    {
        var merged = new List<(Instant From, Instant Until)>(spans.Count);
        foreach (var span in spans.OrderBy(s => s.From))
        {
            if (merged.Count > 0 && span.From <= merged[^1].Until)
            {
                merged[^1] = (merged[^1].From, Instant.Later(merged[^1].Until, span.Until));
            }
            else
            {
                merged.Add(span);
            }
        }
        return merged;
    }
}
