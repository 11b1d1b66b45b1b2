using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>Which charging session is on a port. A socket has one at a time: the one that started last.</summary>
internal sealed class PortSessions
{
    private const int SessionsMax = 4;
    private readonly List<Life> lives = new(1);

    /// <summary>A record of the session came, whatever it said.</summary>
    public void Note(string session, Instant time)
    {
        var life = Find(session);
        life.First = Instant.Earlier(life.First, time);
        life.Last = Instant.Later(life.Last, time);
        Forget();
    }

    /// <summary>A step of the session came.</summary>
    public void Note(in SessionRecord record)
    {
        var life = Find(record.SessionId);
        var time = record.Stamp.Time;
        life.First = Instant.Earlier(life.First, time);
        life.Last = Instant.Later(life.Last, time);
        // A clock that is refused for the record is refused for the times inside it, too.
        var believed = (record.Stamp.Flags & StampFlags.ClockRefused) == 0;
        if (believed && record.StartTime is { } given)
        {
            life.Given = Instant.Earlier(life.Given, given);
        }
        if (record.Event == SessionEvent.Started)
        {
            life.Started = Instant.Earlier(life.Started, time);
        }
        if ((believed && record.EndTime is not null)
            || record.Event is SessionEvent.Ended or SessionEvent.Unplugged or SessionEvent.Settled)
        {
            life.Ended = Instant.Earlier(life.Ended, time);
        }
        Forget();
    }

    /// <summary>The session that is open at a moment, if any, and the first moment at which that may be otherwise.</summary>
    /// <param name="sessionMax">A session without a word for so long is over, though it never said so.</param>
    public (string? Session, Instant Until) At(Instant now, TimeSpan sessionMax)
    {
        var until = Instant.Max;
        Life? newest = null;
        foreach (var life in lives)
        {
            if (life.First > now)
            {
                until = Instant.Earlier(until, life.First);
            }
            else if (newest is null || Compare(life, newest) > 0)
            {
                newest = life;
            }
        }
        if (newest is null || newest.Ended <= now || now - newest.Last >= sessionMax)
        {
            return (null, until);
        }
        return (newest.Id, Instant.Earlier(until, Instant.Earlier(newest.Ended, newest.Last + sessionMax)));
    }

    private Life Find(string session)
    {
        foreach (var life in lives)
        {
            if (life.Id == session)
            {
                return life;
            }
        }
        var found = new Life(session);
        lives.Add(found);
        return found;
    }

    private void Forget()
    {
        if (lives.Count > SessionsMax)
        {
            lives.Remove(lives.Aggregate((a, b) => Compare(a, b) <= 0 ? a : b));
        }
    }

    private static int Compare(Life a, Life b)
    {
        var order = a.Start.CompareTo(b.Start);
        return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
    }

    // Only smallest and largest values, so that the order of arrival and repetitions cannot matter.
    private sealed class Life(string id)
    {
        public string Id { get; } = id;

        public Instant First { get; set; } = Instant.Max;

        public Instant Last { get; set; } = Instant.Min;

        public Instant Started { get; set; } = Instant.Max;

        public Instant Given { get; set; } = Instant.Max;

        public Instant Ended { get; set; } = Instant.Max;

        public Instant Start => Started < Instant.Max ? Started : Given < Instant.Max ? Given : First;
    }
}
