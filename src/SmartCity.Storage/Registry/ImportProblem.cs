namespace SmartCity.Storage.Registry;

/// <summary>Why a file cannot be imported: one thing that is wrong in it.</summary>
/// <param name="Place">Where: <c>row 3</c> (the header is row 1) or <c>piles[0]</c>; empty for the file as a whole.</param>
/// <param name="Column">The column or field, as the file names it; empty for the whole row.</param>
/// <param name="Text">What is wrong and what would be right, for a person.</param>
public sealed record ImportProblem(string Place, string Column, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place} {Column}".Trim() is { Length: > 0 } where ? $"{where}: {Text}" : Text;
}
