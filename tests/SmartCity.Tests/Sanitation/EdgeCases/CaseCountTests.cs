using System.Text.RegularExpressions;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Sanitation.EdgeCases;

/// <summary>The 27 edge cases of sanitation: each has a test, or docs/sanitation.md says why it cannot have one.</summary>
public sealed partial class CaseCountTests
{
    [Fact]
    public void Every_case_is_either_tested_or_listed_with_the_reason_why_not()
    {
        var tested = typeof(CaseCountTests).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(CaseCountTests).Namespace)
            .SelectMany(t => t.GetMethods())
            .SelectMany(m => m.GetCustomAttributesData())
            .Where(a => a.AttributeType == typeof(TraitAttribute) && (string?)a.ConstructorArguments[0].Value == "case")
            .Select(a => int.Parse((string)a.ConstructorArguments[1].Value!, System.Globalization.CultureInfo.InvariantCulture))
            .Distinct().ToList();
        var listed = Repository.Lines("docs/sanitation.md").Select(line => Listed().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.NotEmpty(listed);
        Assert.Equal(Enumerable.Range(1, 27), tested.Concat(listed).Order());
    }

    [GeneratedRegex(@"^\| (\d+) \| [^|]{5,} \| [^|]{20,} \|$")]
    private static partial Regex Listed();
}
