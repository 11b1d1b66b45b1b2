using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Faults that follow from what a pile measures (102, 106, 107, 204), second by second.</summary>
/// <param name="airSeconds">How long the air may go unmeasured; the other limits are those of the document.</param>
internal sealed class OracleSensors(OracleWorld world, int pile, IReadOnlyList<OracleRecord> ordered, long airSeconds)
{
    private readonly List<(long From, long Until, bool IsOpen)> silences = [.. OracleStatuses.Silences(world, pile, ordered)];

    /// <summary>What was measured on ports that were commissioned then.</summary>
    private readonly List<(long At, Sensed Is, decimal? Rated)> samples =
    [
        .. ordered.Where(r => r.Delivery.What is Sensed).Select(r => (r.At, (Sensed)r.Delivery.What, world.VersionAt(pile, r.At)))
            .Where(s => s.Item2.Port >= 1 && s.Item2.Port <= s.Item3?.Ports).Select(s => (s.At, s.Item2, s.Item3!.RatedW)),
    ];

    public IEnumerable<OracleFault> All()
    {
        var found = Walk(0, 107, [.. samples.Where(s => s.Is.AirC is not null).Select(s =>
            new Reading(s.At, s.Is.AirC < -10, s.Is.AirC >= -8, Severity.Minor))]);
        for (var port = 1; port <= OracleWorld.PortsMax; port++)
        {
            var own = samples.Where(s => s.Is.Port == port).ToList();
            found = found.Concat(Walk(port, 102, [.. own.Where(s => s.Is.PortC is not null).Select(s => new Reading(
                s.At, s.Is.PortC >= 65, s.Is.PortC <= 60, s.Is.PortC >= 80 ? Severity.Critical : Severity.Major))]));
            found = found.Concat(Walk(port, 204, [.. own.Where(s => s.Is.Watts is not null && s.Rated is not null).Select(s =>
                new Reading(s.At, s.Is.Watts > 1.1m * s.Rated, s.Is.Watts <= s.Rated, Severity.Major))]));
            found = found.Concat(Walk(port, 106, Rises(port)));
        }
        return found;
    }

    /// <summary>Plays the seconds from the first reading to the evaluation.</summary>
    private IEnumerable<OracleFault> Walk(int port, int number, List<Reading> readings)
    {
        var code = FaultCode.All.Single(c => c.Number == number);
        OracleFault? open = null;
        var (next, due) = (0, long.MaxValue);
        for (var second = readings.Count > 0 ? readings[0].At : long.MaxValue; second <= world.Evaluation; second++)
        {
            if (open is not null && second > due)
            {
                yield return open with { Cleared = due };
                open = null;
            }
            for (; next < readings.Count && readings[next].At == second; next++)
            {
                var said = readings[next];
                due = DueAfter(number, second);
                if (open is null)
                {
                    open = said.Holds ? new OracleFault(port, code, said.Severity, second, second, null) : null;
                }
                else if (said.Holds)
                {
                    open = said.Severity > open.Severity ? open with { Severity = said.Severity } : open;
                }
                else if (said.IsOver || second < open.Visible)
                {
                    yield return open with { Cleared = second };
                    open = null;
                }
            }
        }
        if (open is not null)
        {
            yield return open;
        }
    }

    /// <summary>When something that was measured last at a second is over because nobody measures any more.</summary>
    private long DueAfter(int number, long second)
    {
        var due = second + (number == 107 ? airSeconds : Math.Max(600, world.VersionAt(pile, second)!.OfflineAfter));
        foreach (var (from, until, isOpen) in silences)
        {
            if (due >= from && due < until)
            {
                return isOpen ? long.MaxValue : until;
            }
        }
        return due;
    }

    /// <summary>106: the samples of a port that tell all it takes. It holds once every one of the last five minutes was too warm.</summary>
    private List<Reading> Rises(int port)
    {
        var all = samples.Where(s => s is { Is: { Watts: not null, PortC: not null, AirC: not null }, Rated: not null }).ToList();
        var readings = new List<Reading>();
        (long First, long Last)? warm = null;
        for (var i = 0; i < all.Count; i++)
        {
            var (at, sensed, rated) = all[i];
            if (sensed.Port != port)
            {
                continue;
            }
            var excess = sensed.PortC!.Value - sensed.AirC!.Value - (SoundK(all.Take(i), port, at) * sensed.Watts!.Value / rated!.Value);
            warm = excess < 15 ? null : warm is { } since && at - since.Last <= 600 ? (since.First, at) : (at, at);
            readings.Add(new Reading(at, warm is { } enough && at - enough.First >= 300, excess < 10, Severity.Major));
        }
        return readings;
    }

    /// <summary>What a sound port has at its rated power, by the last word of each sibling.</summary>
    private static decimal SoundK(IEnumerable<(long At, Sensed Is, decimal? Rated)> before, int port, long at)
    {
        var siblings = before.Where(s => s.Is.Port != port).GroupBy(s => s.Is.Port).Select(g => g.Last())
            .Where(s => at - s.At <= 600 && s.Is.Watts / s.Rated >= 0.1m)
            .Select(s => (s.Is.PortC!.Value - s.Is.AirC!.Value) * s.Rated!.Value / s.Is.Watts!.Value).Order().ToList();
        var median = siblings.Count < 2 ? 45
            : siblings.Count % 2 == 1 ? siblings[siblings.Count / 2]
            : (siblings[(siblings.Count / 2) - 1] + siblings[siblings.Count / 2]) / 2;
        return Math.Min(45, Math.Max(20, median));
    }

    /// <summary>What one sample says of one condition.</summary>
    private readonly record struct Reading(long At, bool Holds, bool IsOver, Severity Severity);
}
