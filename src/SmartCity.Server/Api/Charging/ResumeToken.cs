using System.Globalization;
using System.IO.Hashing;
using System.Text;
using SmartCity.Domain.Registry;
using SmartCity.Server.Live;

namespace SmartCity.Server.Api.Charging;

/// <summary>Where a stream stopped.</summary>
/// <param name="Epoch">The run of the server that numbered the changes.</param>
/// <param name="Version">Every change up to this number was sent.</param>
/// <param name="Scope">What the stream was about.</param>
internal readonly record struct ResumeToken(ulong Epoch, long Version, ulong Scope)
{
    /// <summary>Reads a token; null for an empty one.</summary>
    /// <exception cref="InvalidQueryException">It is no token.</exception>
    public static ResumeToken? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }
        var parts = text.Split('-');
        return parts.Length == 3 && Hex(parts[0], out var epoch) && Hex(parts[1], out var version) && Hex(parts[2], out var scope)
            ? new ResumeToken(epoch, (long)version, scope)
            : throw new InvalidQueryException(
                "resume_token", "is not a token of an earlier stream. Leave it empty to start with a snapshot.");
    }

    /// <summary>What tells scopes apart.</summary>
    public static ulong HashOf(AssetScope scope)
    {
        var text = new StringBuilder();
        IReadOnlySet<string>[] named =
        [
            scope.Districts, scope.Subdistricts, scope.Compounds, scope.Grids, scope.Piles, scope.Trucks, scope.Points,
        ];
        foreach (var ids in named)
        {
            text.AppendJoin('\n', ids.Order(StringComparer.Ordinal)).Append('\f');
        }
        return XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The change to go on after; null when a snapshot has to tell everything anew.</summary>
    public long? ContinuesAt(LiveCity city, ulong scope) =>
        Epoch == city.Epoch && Scope == scope && Version >= 0 && Version <= city.Changes.Current ? Version : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch:x}-{Version:x}-{Scope:x}");

    private static bool Hex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
