namespace SmartCity.Simulator.Scoring;

/// <summary>One point in which the server and the truth differ.</summary>
/// <param name="What">What was true and what was said.</param>
/// <param name="Cause">Why, as far as the truth tells.</param>
/// <param name="Where">The asset and the moment.</param>
internal readonly record struct Disagreement(string What, string Cause, string Where)
{
    /// <summary>The cause of what the truth does not explain: to be looked into.</summary>
    public const string Unexplained = "UNEXPLAINED";
}
