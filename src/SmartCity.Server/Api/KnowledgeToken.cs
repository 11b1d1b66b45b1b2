using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api;

/// <summary>Where a stream stopped that asks the store again and again. Nothing about the stream has to be kept: what its client
/// knew is the answer as of that moment.</summary>
/// <param name="Known">What was accepted until then was sent.</param>
/// <param name="Scope">What the stream was about.</param>
internal readonly record struct KnowledgeToken(Instant Known, ulong Scope)
{
    /// <summary>Reads a token; null for an empty one.</summary>
    /// <param name="what">What the stream is about, for a person.</param>
    /// <exception cref="InvalidQueryException">It is no token.</exception>
    public static KnowledgeToken? Parse(string text, string what)
    {
        if (text.Length == 0)
        {
            return null;
        }
        var parts = text.Split('-');
        return parts.Length == 2 && Hex(parts[0], out var known) && Hex(parts[1], out var scope)
            && known <= (ulong)Instant.Max.Milliseconds
            ? new KnowledgeToken(new Instant((long)known), scope)
            : throw new InvalidQueryException(
                "resume_token", $"is not a token of an earlier stream of {what}. Leave it empty to start with a snapshot.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Known.Milliseconds:x}-{Scope:x}");

    private static bool Hex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
