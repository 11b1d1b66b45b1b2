namespace SmartCity.Tests.Network;

/// <summary>What is wrong with a link. "Up" is from who connects to who listens.</summary>
internal sealed record Toxic(string Name)
{
    /// <summary>A good link.</summary>
    public static readonly Toxic None = new("none");

    /// <summary>How long bytes are on their way, at least; see <see cref="Jitter"/>.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>How much longer at most.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>In each direction; 0: no limit.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>Bytes written at a time; 0: as they come.</summary>
    public int SliceBytes { get; init; }

    /// <summary>A connection is reset after so many bytes of both directions, at most; 0: never.</summary>
    public int ResetAfterBytesMax { get; init; }

    /// <summary>One bit is flipped every so many bytes, at most; 0: never.</summary>
    public int CorruptEveryMax { get; init; }

    /// <summary>What comes from who connects disappears, and nobody is told.</summary>
    public bool SwallowsUp { get; init; }

    /// <summary>What comes from who listens disappears, and nobody is told.</summary>
    public bool SwallowsDown { get; init; }

    /// <summary>Connections that stand are reset when it begins.</summary>
    public bool CutsFirst { get; init; }

    /// <summary>Nobody listens.</summary>
    public bool Refuses { get; init; }

    /// <summary>What happens to all connections from time to time.</summary>
    public Strike Strike { get; init; }

    /// <summary>How many a good link would have been too good for: all twelve. Plain TCP does not notice a changed byte, so that one is
    /// for links with TLS.</summary>
    public static IEnumerable<Toxic> All(bool hasTls)
    {
        yield return new("latency 200 ms and up to 100 ms more")
        {
            Latency = TimeSpan.FromMilliseconds(200), Jitter = TimeSpan.FromMilliseconds(100),
        };
        yield return new("64 kbit/s") { BytesPerSecond = 8_000 };
        yield return new("reset after some bytes") { ResetAfterBytesMax = 20_000 };
        yield return new("reset at some time") { Strike = Strike.Reset };
        yield return new("black hole both ways") { SwallowsUp = true, SwallowsDown = true };
        yield return new("black hole of answers") { SwallowsDown = true };
        yield return new("slices of 1 byte") { SliceBytes = 1 };
        yield return new("half close, the rest later") { Strike = Strike.HalfClose };
        if (hasTls)
        {
            yield return new("a bit flipped") { CorruptEveryMax = 4_000 };
        }
        yield return new("partition again and again") { Strike = Strike.Partition };
        yield return new("connections refused") { CutsFirst = true, Refuses = true };
        yield return new("connections taken and never answered") { CutsFirst = true, SwallowsUp = true, SwallowsDown = true };
    }
}

/// <summary>What happens to connections from time to time.</summary>
internal enum Strike
{
    Nothing,

    /// <summary>RST on both sides.</summary>
    Reset,

    /// <summary>One side is told that there is no more, the other one later.</summary>
    HalfClose,

    /// <summary>Nothing passes for a while, and nothing is lost.</summary>
    Partition,
}
