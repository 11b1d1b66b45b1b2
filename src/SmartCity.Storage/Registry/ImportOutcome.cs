namespace SmartCity.Storage.Registry;

/// <summary>What an import did. With problems it did nothing.</summary>
/// <param name="Added">Assets that were not known before.</param>
/// <param name="Changed">Known assets of which some version is new or ends at another time.</param>
/// <param name="Unchanged">Assets that were already registered so.</param>
/// <param name="Problems">What is wrong with the file, at most <see cref="ProblemsMax"/>; empty when it was imported.</param>
public sealed record ImportOutcome(int Added, int Changed, int Unchanged, IReadOnlyList<ImportProblem> Problems)
{
    /// <summary>The most problems that are listed.</summary>
    public const int ProblemsMax = 50;
}
