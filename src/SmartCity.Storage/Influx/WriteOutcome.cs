namespace SmartCity.Storage.Influx;

/// <summary>What a write came to, and so what to do next.</summary>
internal enum WriteClass
{
    /// <summary>All lines are stored.</summary>
    Ok,

    /// <summary>The good lines are stored, the others never will be.</summary>
    PartialKept,

    /// <summary>Nothing is stored because of a line, which is to be found.</summary>
    RejectedAll,

    /// <summary>Fewer lines at once may be taken.</summary>
    TooLarge,

    /// <summary>Later, after the time that was named.</summary>
    Throttled,

    /// <summary>Unknown whether stored; the same again later does no harm.</summary>
    Transient,

    /// <summary>Nothing is stored until a person mends something.</summary>
    ConfigFault,
}

/// <summary>A line that the database named as refused.</summary>
/// <param name="Line">Its place in the request, from 0.</param>
internal readonly record struct RefusedLine(int Line, string Reason);

/// <summary>What one attempt to write came to.</summary>
/// <param name="Detail">What the database or the network said, or what to do about it; without secrets.</param>
internal sealed record WriteOutcome(WriteClass Class, int? HttpStatus = null, string Detail = "")
{
    /// <summary>All lines are stored.</summary>
    public static readonly WriteOutcome Stored = new(WriteClass.Ok, 204);

    /// <summary>How long the database asks us to stay away.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The lines that were refused, as far as the database names them.</summary>
    public IReadOnlyList<RefusedLine> Refused { get; init; } = [];

    /// <summary>Whether the answer says that the content is at fault; otherwise only the same answer to a part of it, and a
    /// better one to another part, shows that.</summary>
    public bool BlamesContent { get; init; }

    /// <summary>Whether the answer speaks of the server's own state: no line is at fault, however often it is repeated.</summary>
    public bool BlamesServer { get; init; }
}
