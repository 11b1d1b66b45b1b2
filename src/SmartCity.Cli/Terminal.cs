namespace SmartCity.Cli;

/// <summary>Where a command writes.</summary>
/// <param name="Out">The answer, and nothing else.</param>
/// <param name="Error">What went wrong, and remarks on the answer that a program must not read as part of it.</param>
/// <param name="Clock">What "now" is.</param>
/// <param name="Pretty">Whether colours and box drawing are welcome.</param>
/// <param name="Width">Columns of the screen; null when there is none.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, TimeProvider Clock, bool Pretty, int? Width);
