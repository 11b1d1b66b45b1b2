using System.Text.RegularExpressions;
using SmartCity.Domain.Faults;

namespace SmartCity.Tests.Structure;

/// <summary>What the documents say is in the code.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Links_lead_somewhere()
    {
        var dead = from file in Repository.Files("*.md")
                   from link in Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
                   let target = link.Groups[1].Value.Split('#')[0]
                   where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                   let path = Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target)
                   where !File.Exists(path) && !Directory.Exists(path)
                   select $"{file}: {target}";
        Assert.Empty(dead);
    }

    [Fact]
    public void The_table_of_fault_codes_is_the_code_s()
    {
        var documented = File.ReadAllLines(Path.Combine(Repository.Root, "docs/mqtt.md"))
            .Where(line => FaultRow().IsMatch(line));
        var coded = FaultCode.All.Select(code => $"| {code.Number} | {code.Name} {code.ChineseName} | "
            + $"{code.Severity.ToString().ToUpperInvariant()} | {code.Debounce.TotalSeconds} s |");
        Assert.Equal(coded, documented);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| \d{3} \|")]
    private static partial Regex FaultRow();
}
