namespace SmartCity.Server.Api.Faults;

/// <summary>Texts of people in requests of the repair loop.</summary>
internal static class RepairTexts
{
    private const int IdCharsMax = 64;
    private const int NameCharsMax = 100;
    private const int NoteCharsMax = 1_000;

    /// <summary>The id a client chose; a new one without.</summary>
    public static string Id(string text, string field) =>
        text.Length == 0 ? Guid.NewGuid().ToString() : Checked(text, field, IdCharsMax);

    /// <summary>Somebody who has to be named.</summary>
    public static string Name(string text, string field, string who) => string.IsNullOrWhiteSpace(text)
        ? throw new InvalidQueryException(field, $"is needed: {who}. Nobody logs in yet, so the request has to say.")
        : Checked(text.Trim(), field, NameCharsMax);

    /// <summary>A reason that has to be given.</summary>
    public static string Reason(string text, string field) =>
        Note(text, field) ?? throw new InvalidQueryException(field, "is needed: say why.");

    /// <summary>What somebody may add; null without.</summary>
    public static string? Note(string text, string field) =>
        string.IsNullOrWhiteSpace(text) ? null : Checked(text.Trim(), field, NoteCharsMax);

    private static string Checked(string text, string field, int charsMax)
    {
        if (text.Length > charsMax)
        {
            throw new InvalidQueryException(field, $"has {text.Length} characters; at most {charsMax} are allowed.");
        }
        return text.Any(c => char.IsControl(c) && c != '\n')
            ? throw new InvalidQueryException(field, "holds control characters. Leave them out.")
            : text;
    }
}
