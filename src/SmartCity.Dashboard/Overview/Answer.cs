namespace SmartCity.Dashboard.Overview;

/// <summary>What one question brought: an answer, or why there is none. One that fails leaves the others on the page.</summary>
/// <param name="Value">The answer; null when there is none.</param>
/// <param name="Problem">Why there is none, for people; empty with an answer.</param>
public sealed record Answer<T>(T? Value, string Problem)
    where T : class;
