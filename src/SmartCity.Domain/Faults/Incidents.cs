using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Finds incidents among faults.</summary>
public static class Incidents
{
    /// <summary>Silences belong together when they begin within this.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <summary>Fewer piles are no incident.</summary>
    public const int PilesMin = 3;

    /// <summary>All incidents, by the moment they began, then by compound.</summary>
    /// <param name="faults">In any order, with their compounds; those that are not about silence are passed over.</param>
    /// <param name="pilesAt">How many piles a compound had at a moment.</param>
    public static IReadOnlyList<Incident> Of(
        IEnumerable<(Fault Fault, string Compound)> faults, Func<string, Instant, int> pilesAt) =>
    [
        .. faults.Where(f => f.Fault.Code.Number == FaultCode.Offline).GroupBy(f => f.Compound, StringComparer.Ordinal)
            .SelectMany(silences => OfCompound(silences.Key, silences.Select(s => s.Fault), pilesAt))
            .OrderBy(i => i.From).ThenBy(i => i.Compound, StringComparer.Ordinal),
    ];

    private static IEnumerable<Incident> OfCompound(
        string compound, IEnumerable<Fault> silences, Func<string, Instant, int> pilesAt)
    {
        var ordered = silences.Distinct().OrderBy(s => s.Raised).ThenBy(s => s.Pile, StringComparer.Ordinal).ToList();
        var (start, end) = (0, 0); // The members found so far are [start, end).
        for (var i = 0; i < ordered.Count; i++)
        {
            var next = i;
            while (next < ordered.Count && ordered[next].Raised - ordered[i].Raised <= Within)
            {
                next++;
            }
            if (!AreMany(ordered[i..next], pilesAt(compound, ordered[i].Raised)))
            {
                continue;
            }
            // Stretches of two minutes that have a silence in common are one incident.
            if (i >= end && end > start)
            {
                yield return Build(compound, ordered[start..end], pilesAt);
            }
            start = i >= end ? i : start;
            end = next;
        }
        if (end > start)
        {
            yield return Build(compound, ordered[start..end], pilesAt);
        }
    }

    private static bool AreMany(List<Fault> silences, int piles) =>
        PilesOf(silences) is var silent && silent >= PilesMin && silent * 2 >= piles;

    private static int PilesOf(List<Fault> silences) => silences.DistinctBy(s => s.Pile).Count();

    private static Incident Build(string compound, List<Fault> members, Func<string, Instant, int> pilesAt) =>
        new(compound, members, PilesOf(members), pilesAt(compound, members[0].Raised));
}
