namespace SmartCity.Tests.Oracle;

/// <summary>What the rules and the domain say differently, in words.</summary>
internal static class Difference
{
    public static void None(string where, string expected, string found) =>
        Assert.True(expected == found, $"{where}\nrules:  {expected}\ndomain: {found}");

    /// <summary>Tells the first that differs.</summary>
    public static void None(IEnumerable<string> expected, IEnumerable<string> found)
    {
        string[] rules = [.. expected];
        string[] domain = [.. found];
        for (var i = 0; i < Math.Max(rules.Length, domain.Length); i++)
        {
            None($"{i + 1}.", rules.ElementAtOrDefault(i) ?? "nothing", domain.ElementAtOrDefault(i) ?? "nothing");
        }
    }

    /// <summary>Tells what only one of the two says, whatever the order.</summary>
    public static void NoneInAnyOrder(IEnumerable<string> expected, IEnumerable<string> found)
    {
        string[] rules = [.. expected.Order(StringComparer.Ordinal)];
        string[] domain = [.. found.Order(StringComparer.Ordinal)];
        Assert.True(
            rules.SequenceEqual(domain),
            string.Join('\n', rules.Except(domain).Select(r => $"rules:  {r}").Concat(domain.Except(rules).Select(d => $"domain: {d}"))));
    }
}
