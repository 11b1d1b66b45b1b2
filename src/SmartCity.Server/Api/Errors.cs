namespace SmartCity.Server.Api;

/// <summary>A request that cannot be answered as it stands: INVALID_ARGUMENT.</summary>
/// <param name="field">Path of the field in the request, as in the proto: <c>period.time_zone</c>.</param>
/// <param name="problem">What is wrong with it and what would be right, for a person.</param>
internal sealed class InvalidQueryException(string field, string problem) : Exception($"{field}: {problem}")
{
    /// <summary>Path of the field in the request.</summary>
    public string Field { get; } = field;

    /// <summary>What is wrong with it and what would be right.</summary>
    public string Problem { get; } = problem;

    /// <summary>All that is wrong, where it is more than one thing.</summary>
    public IReadOnlyList<(string Field, string Problem)> Violations { get; private init; } = [(field, problem)];

    /// <summary>A request in which several things are wrong; the message tells the first.</summary>
    public static InvalidQueryException Of(IReadOnlyList<(string Field, string Problem)> violations) =>
        new(violations[0].Field, violations[0].Problem) { Violations = violations };
}

/// <summary>The request names one thing and there is no such thing: NOT_FOUND.</summary>
/// <param name="kind">What was looked for, as people say it: <c>pile</c>.</param>
/// <param name="id">The id that was given.</param>
/// <param name="advice">Where to find the right one.</param>
internal sealed class NotFoundException(string kind, string id, string advice) : Exception($"There is no {kind} '{id}'. {advice}")
{
    /// <summary>What was looked for.</summary>
    public string Kind { get; } = kind;

    /// <summary>The id that was given.</summary>
    public string Id { get; } = id;
}

/// <summary>The server does as much of this as it may already: RESOURCE_EXHAUSTED.</summary>
/// <param name="problem">Which limit was reached and what to do.</param>
internal sealed class LimitReachedException(string problem) : Exception(problem);

/// <summary>The thing is not in a state in which this can be done to it: FAILED_PRECONDITION.</summary>
/// <param name="kind">What it is, as people say it: <c>fault</c>.</param>
/// <param name="id">Its id.</param>
/// <param name="problem">Which state it is in and what to do instead.</param>
internal sealed class WrongStateException(string kind, string id, string problem) : Exception(problem)
{
    /// <summary>What it is.</summary>
    public string Kind { get; } = kind;

    /// <summary>Its id.</summary>
    public string Id { get; } = id;
}

/// <summary>The client broke off while it was sending: CANCELLED, and nobody is there to read it.</summary>
internal sealed class ClientGoneException(Exception inner) : Exception("The client went away.", inner);
