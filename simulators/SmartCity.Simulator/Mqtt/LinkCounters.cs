namespace SmartCity.Simulator.Mqtt;

/// <summary>What all links together have done.</summary>
internal sealed class LinkCounters
{
    private long posted, sent, acked, refused;
    private int connected;

    /// <summary>Why the latest connection failed or broke; empty when none did.</summary>
    public string LastProblem { get; set; } = "";

    /// <summary>Messages handed to links.</summary>
    public long PostedCount => Volatile.Read(ref posted);

    /// <summary>Messages written to sockets, resends included.</summary>
    public long SentCount => Volatile.Read(ref sent);

    /// <summary>Messages acknowledged, each once.</summary>
    public long AckedCount => Volatile.Read(ref acked);

    /// <summary>Refusals; a message may be refused several times.</summary>
    public long RefusedCount => Volatile.Read(ref refused);

    public int ConnectedCount => Volatile.Read(ref connected);

    public void Posted() => Interlocked.Increment(ref posted);

    public void Sent() => Interlocked.Increment(ref sent);

    public void Acked() => Interlocked.Increment(ref acked);

    public void Refused() => Interlocked.Increment(ref refused);

    public void Connected(int change) => Interlocked.Add(ref connected, change);
}
