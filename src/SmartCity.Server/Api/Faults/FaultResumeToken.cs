using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Faults;

/// <summary>Where a stream of faults stopped. Nothing about the stream has to be kept: what its client knew is the answer as of
/// that moment.</summary>
/// <param name="Known">What was accepted until then was sent.</param>
/// <param name="Scope">What the stream was about.</param>
internal readonly record struct FaultResumeToken(Instant Known, ulong Scope)
{
    /// <summary>Reads a token; null for an empty one.</summary>
    /// <exception cref="InvalidQueryException">It is no token.</exception>
    public static FaultResumeToken? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }
        var parts = text.Split('-');
        return parts.Length == 2 && Hex(parts[0], out var known) && Hex(parts[1], out var scope)
            && known <= (ulong)Instant.Max.Milliseconds
            ? new FaultResumeToken(new Instant((long)known), scope)
            : throw new InvalidQueryException(
                "resume_token", "is not a token of an earlier stream of faults. Leave it empty to start with a snapshot.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Known.Milliseconds:x}-{Scope:x}");

    private static bool Hex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
