using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>One point is to be served once, in one window, on one service date. Intervals are half-open.</summary>
/// <param name="Id"><c>point/2026-11-23/MORNING</c>: the same whenever it is derived.</param>
/// <param name="ServiceDate">The date it belongs to; not always the local date of <paramref name="Start"/>.</param>
/// <param name="Point">The version of the point in force at <paramref name="Start"/>.</param>
/// <param name="Window">The version of the window in force on the service date; its grace as exceptions extended it.</param>
/// <param name="Assignment">What makes it due, and who is to come.</param>
/// <param name="Start">S, the window's start, where exceptions moved it.</param>
/// <param name="End">E, the window's end.</param>
/// <param name="AcceptFrom">The earliest moment a visit may serve it.</param>
/// <param name="AcceptUntil">C, the cutoff: visits from here on serve it no more.</param>
public sealed record Obligation(
    string Id, DateOnly ServiceDate, CollectionPoint Point, CollectionWindow Window, Assignment Assignment, Instant Start,
    Instant End, Instant AcceptFrom, Instant AcceptUntil)
{
    /// <summary>What took it off the schedule before it started; null: it is due.</summary>
    public ObligationException? Cancellation { get; init; }

    /// <summary>What excuses it if nobody serves it.</summary>
    public ObligationException? Excuse { get; init; }

    /// <summary>What each approved exception about it did, in the order in which they were applied.</summary>
    public IReadOnlyList<ExceptionEffect> Effects { get; init; } = [];

    /// <summary>From here on a visit is on time.</summary>
    public Instant OnTimeFrom => Start - Window.EarlyTolerance;

    /// <summary>From here on a visit is late.</summary>
    public Instant OnTimeUntil => End + Window.LateGrace;

    /// <summary>Whether a visit with this decision instant may serve it.</summary>
    public bool Accepts(Instant at) => at >= AcceptFrom && at < AcceptUntil;

    /// <summary>Whether a visit with this decision instant is on time.</summary>
    public bool IsOnTime(Instant at) => Accepts(at) && at >= OnTimeFrom && at < OnTimeUntil;

    /// <summary>How far a decision instant lies outside the window: negative before its start, 0 inside.</summary>
    public TimeSpan DeviationOf(Instant at) => at < Start ? at - Start : at >= End ? at - End : TimeSpan.Zero;

    /// <summary>The id of the obligation of a point on a date in a window.</summary>
    public static string IdOf(string pointId, DateOnly serviceDate, string windowKey) =>
        string.Create(CultureInfo.InvariantCulture, $"{pointId}/{serviceDate:yyyy-MM-dd}/{windowKey}");

    /// <summary>Takes an id apart.</summary>
    public static bool TryParseId(string id, out string pointId, out DateOnly serviceDate, out string windowKey)
    {
        var parts = id.Split('/', 3);
        (pointId, windowKey) = parts.Length == 3 ? (parts[0], parts[2]) : ("", "");
        serviceDate = default;
        return pointId.Length > 0 && windowKey.Length > 0
            && DateOnly.TryParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out serviceDate);
    }
}

/// <summary>An approved exception and what it did to one obligation.</summary>
/// <param name="ActedAs">An exception declared too late for its kind excuses; null: it did nothing.</param>
/// <param name="IsInTime">Whether it was declared before the window started.</param>
public sealed record ExceptionEffect(ObligationException Exception, ExceptionKind? ActedAs, bool IsInTime);
