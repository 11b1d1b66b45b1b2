using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Sessions whose records are read whole, and between which moments these lie.</summary>
internal sealed class WholeSessions
{
    /// <summary>Device and id of each.</summary>
    public List<(int Device, string Session)> Keys { get; } = [];

    /// <summary>No record of any is older.</summary>
    public Instant From { get; private set; } = Instant.Max;

    /// <summary>All records of all are older.</summary>
    public Instant Until { get; private set; } = Instant.Min;

    /// <summary>Adds one.</summary>
    /// <param name="firstDay">The first day of which <see cref="SessionDays"/> has a record.</param>
    public void Add(int device, string session, long firstDay, long lastDay)
    {
        Keys.Add((device, session));
        From = Instant.Earlier(From, SessionDays.StartOf(firstDay));
        Until = Instant.Later(Until, SessionDays.StartOf(lastDay + 1));
    }
}
