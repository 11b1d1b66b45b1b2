namespace SmartCity.Cli.Showing;

/// <summary>One column of a table for people.</summary>
/// <param name="Header">What it shows, and its unit.</param>
/// <param name="Text">The cell.</param>
/// <param name="Rank">0 is always shown; of the others the highest goes first when the screen is narrow.</param>
/// <param name="IsNumber">Numbers are aligned on the right.</param>
/// <param name="Tone">How the cell is coloured on a screen.</param>
internal sealed record Column<TRow>(
    string Header, Func<TRow, string> Text, int Rank = 0, bool IsNumber = false, Func<TRow, Tone>? Tone = null);

/// <summary>What a cell says of the world.</summary>
internal enum Tone
{
    /// <summary>Neither good nor bad.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Not known, or soon bad.</summary>
    Doubtful,

    /// <summary>Wrong: somebody should act.</summary>
    Bad,
}
