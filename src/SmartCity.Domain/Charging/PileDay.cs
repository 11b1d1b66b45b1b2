using System.Runtime.InteropServices;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// The figures of one pile on one local day of 24 hours, per port. A year of them adds up as fast as a month of what they were
/// made from.
/// </summary>
public sealed class PileDay
{
    /// <summary>24 h, from 00:00 local.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromDays(1);

    internal const int Hours = 24;

    // Per place: ms by status, ms occupied and ms seen by hour, then the suspect samples and the sessions that started.
    private const int OccupiedAt = UtilizationTable.Statuses;
    private const int SeenAt = OccupiedAt + Hours;
    private const int SuspectsAt = SeenAt + Hours;
    private const int SessionsAt = SuspectsAt + 1;
    private const int Stride = SessionsAt + 1;
    private const int HourMs = 3_600_000;

    private readonly List<(int Port, int Version)> places = [];
    private readonly List<int> figures = [];
    private readonly List<long> energy = [];

    private PileDay()
    {
    }

    /// <summary>Ports and versions that were commissioned on that day, by port.</summary>
    internal ReadOnlySpan<(int Port, int Version)> Places => CollectionsMarshal.AsSpan(places);

    /// <summary>Cuts what a pile did into days.</summary>
    /// <param name="history">Its versions.</param>
    /// <param name="segments">By port and time, and within the days.</param>
    /// <param name="postings">Its energy; what lies outside the days does not count.</param>
    /// <param name="sessions">All of its sessions that started on these days.</param>
    /// <param name="first">The first local midnight.</param>
    /// <param name="days">How many days, all of 24 hours.</param>
    public static IReadOnlyList<PileDay> Cut(
        PileHistory history, IReadOnlyList<StatusSegment> segments, IReadOnlyList<EnergyPosting> postings,
        IReadOnlyList<ChargingSession> sessions, Instant first, int days)
    {
        var cut = new PileDay[days];
        for (var day = 0; day < days; day++)
        {
            cut[day] = new PileDay();
        }
        foreach (var segment in segments)
        {
            AddSegment(cut, segment, first);
        }
        foreach (var posting in postings)
        {
            if (DayOf(cut, posting.At, first) is { } day && day.PlaceOf(history, posting.Port, posting.At) is >= 0 and var place)
            {
                day.energy[place] += posting.MicroWh;
                day.figures[(place * Stride) + SuspectsAt] += posting.Suspects;
            }
        }
        foreach (var session in sessions)
        {
            if (DayOf(cut, session.Start, first) is { } day
                && day.PlaceOf(history, session.Port, session.Start) is >= 0 and var place)
            {
                day.figures[(place * Stride) + SessionsAt]++;
            }
        }
        foreach (var day in cut)
        {
            day.figures.TrimExcess();
        }
        return cut;
    }

    internal long EnergyMicroWh(int place) => energy[place];

    internal int Suspects(int place) => figures[(place * Stride) + SuspectsAt];

    internal int Sessions(int place) => figures[(place * Stride) + SessionsAt];

    internal ReadOnlySpan<int> ByStatus(int place) => Span(place, 0, OccupiedAt);

    internal ReadOnlySpan<int> OccupiedByHour(int place) => Span(place, OccupiedAt, Hours);

    internal ReadOnlySpan<int> SeenByHour(int place) => Span(place, SeenAt, Hours);

    private ReadOnlySpan<int> Span(int place, int from, int length) =>
        CollectionsMarshal.AsSpan(figures).Slice((place * Stride) + from, length);

    private static void AddSegment(PileDay[] days, in StatusSegment segment, Instant first)
    {
        var until = segment.Until - first;
        for (var at = segment.From - first; at < until;)
        {
            var hour = (long)Math.Floor(at / TimeSpan.FromMilliseconds(HourMs));
            var next = TimeSpan.FromMilliseconds((hour + 1) * HourMs);
            var end = next < until ? next : until;
            days[hour / Hours].Add(segment, (int)(hour % Hours), (int)(end - at).TotalMilliseconds);
            at = end;
        }
    }

    private void Add(in StatusSegment segment, int hour, int milliseconds)
    {
        // Segments come by port and time: their place is nearly always the last.
        if (places.Count == 0 || places[^1] != (segment.Port, segment.Version))
        {
            places.Add((segment.Port, segment.Version));
            energy.Add(0);
            CollectionsMarshal.SetCount(figures, figures.Count + Stride);
            CollectionsMarshal.AsSpan(figures)[^Stride..].Clear();
        }
        var own = CollectionsMarshal.AsSpan(figures)[^Stride..];
        own[(int)segment.Status] += milliseconds;
        own[OccupiedAt + hour] += UtilizationTable.IsOccupied(segment.Status) ? milliseconds : 0;
        own[SeenAt + hour] += UtilizationTable.IsSeen(segment.Status) ? milliseconds : 0;
    }

    private static PileDay? DayOf(PileDay[] days, Instant at, Instant first)
    {
        var day = at < first ? -1 : (int)((at - first) / Length);
        return day >= 0 && day < days.Length ? days[day] : null;
    }

    // A port that is commissioned at that moment has a segment on that day.
    private int PlaceOf(PileHistory history, int port, Instant at) => places.IndexOf((port, history.VersionAt(at)));
}
