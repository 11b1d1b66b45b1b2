using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>When a device was heard, as runs without a long silence inside. Late readings close the silences they fall into,
/// so the order of arrival does not matter. Only the latest runs are kept.</summary>
internal sealed class HeardRuns
{
    private const int RunsMax = 12;
    private readonly List<(Instant From, Instant Until)> runs = new(1);

    /// <summary>The runs, oldest first; between them the device was silent.</summary>
    public IReadOnlyList<(Instant From, Instant Until)> Runs => runs;

    /// <summary>Changes whenever something else than the end of the last run does.</summary>
    public int Shape { get; private set; }

    /// <summary>Notes that the device was heard from one moment to another without a silence longer than
    /// <paramref name="silence"/>.</summary>
    public void Add(Instant from, Instant until, TimeSpan silence)
    {
        if (runs.Count > 0 && from >= runs[^1].From && from - runs[^1].Until <= silence)
        {
            runs[^1] = (runs[^1].From, Instant.Later(runs[^1].Until, until));
            return;
        }
        Shape++;
        Insert(from, until, silence);
    }

    /// <summary>The last moment heard, as far as it is known at <paramref name="now"/>.</summary>
    public Instant? LastAt(Instant now)
    {
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            if (runs[i].From <= now)
            {
                return Instant.Earlier(runs[i].Until, now);
            }
        }
        return null;
    }

    /// <summary>The first time after a moment at which a run begins; never if none does.</summary>
    public Instant NextAfter(Instant at)
    {
        var next = Instant.Max;
        for (var i = runs.Count - 1; i >= 0 && runs[i].From > at; i--)
        {
            next = runs[i].From;
        }
        return next;
    }

    private void Insert(Instant from, Instant until, TimeSpan silence)
    {
        var place = runs.Count;
        while (place > 0 && runs[place - 1].From > from)
        {
            place--;
        }
        runs.Insert(place, (from, until));
        if (place > 0 && TryJoin(place - 1, silence))
        {
            place--;
        }
        while (place + 1 < runs.Count && TryJoin(place, silence))
        {
        }
        if (runs.Count > RunsMax)
        {
            runs.RemoveAt(0);
        }
    }

    private bool TryJoin(int place, TimeSpan silence)
    {
        var (left, right) = (runs[place], runs[place + 1]);
        if (right.From - left.Until > silence)
        {
            return false;
        }
        runs[place] = (left.From, Instant.Later(left.Until, right.Until));
        runs.RemoveAt(place + 1);
        return true;
    }
}
