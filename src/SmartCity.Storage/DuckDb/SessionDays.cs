using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>The days (UTC) on which each session said something: its records are then looked for on these, and not through all
/// years.</summary>
internal sealed class SessionDays
{
    // A few days of a district; one that is forgotten is written a second time, which changes no answer.
    private const int KnownMax = 50_000;

    private const long DayMs = 86_400_000;

    private readonly HashSet<(int Device, string Session, long Day)> _known = [];

    /// <summary>The table. The first files with records have none, and theirs is made of these.</summary>
    public static string Definition(bool fromRecords) => !fromRecords
        ? "CREATE TABLE IF NOT EXISTS session_day(device INTEGER, session VARCHAR, day BIGINT)"
        : $"""
        CREATE TABLE IF NOT EXISTS session_day AS SELECT DISTINCT b.device, t.session, {DayOf("t.time")} AS day
        FROM (SELECT boot, session, time FROM meter UNION ALL SELECT boot, session, time FROM session) t JOIN boot b ON b.id = t.boot
        WHERE t.session <> ''
        """;

    /// <summary>Where a day begins.</summary>
    public static Instant StartOf(long day) => new(day * DayMs);

    /// <summary>The day of a moment.</summary>
    public static long DayOf(Instant at) => (at.Milliseconds - (((at.Milliseconds % DayMs) + DayMs) % DayMs)) / DayMs;

    /// <summary>Whether this is the first that is heard of a session on a day.</summary>
    public bool Add(int device, string session, long day)
    {
        if (_known.Count >= KnownMax)
        {
            _known.Clear();
        }
        return _known.Add((device, session, day));
    }

    private static string DayOf(string time) => $"({time} - ((({time} % {DayMs}) + {DayMs}) % {DayMs})) // {DayMs}";
}
