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
}
