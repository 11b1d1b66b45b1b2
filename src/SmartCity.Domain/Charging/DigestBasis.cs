using System.Globalization;
using System.Text;
using SmartCity.Domain.Registry;

namespace SmartCity.Domain.Charging;

/// <summary>A hash of all but records that a digest is made from. A digest with another basis answers another question.</summary>
public static class DigestBasis
{
    // To be raised when the rules in the code change what a digest says.
    private const int Format = 1;
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash (FNV-1a) over what of the pile's versions and the rules has a say in a digest.</summary>
    public static ulong Of(IReadOnlyList<Pile> versions, ChargingRules rules)
    {
        var text = new StringBuilder();
        Add(text, $"{Format} {rules.MaxSession.Ticks} {rules.RiseFactor:R} {rules.RiseAllowanceWh:R}");
        foreach (var version in versions)
        {
            var (from, until) = version.Validity;
            Add(text, $"|{from.Milliseconds} {until?.Milliseconds} {version.Ports} {version.RatedPortPowerW:R}");
            Add(text, $" {version.ReportInterval.Ticks}");
        }
        var hash = Offset;
        for (var i = 0; i < text.Length; i++)
        {
            hash = (hash ^ text[i]) * Prime;
        }
        return hash;
    }

    private static void Add(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));
}
