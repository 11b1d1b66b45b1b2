using System.Xml.Linq;

namespace SmartCity.Tests.Structure;

/// <summary>The arrows of docs/architecture.md: who may know whom.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["SmartCity.Domain"] = [],
        ["SmartCity.Protocol"] = [],
        ["SmartCity.Storage"] = ["SmartCity.Domain"],
        ["SmartCity.Dashboard"] = ["SmartCity.Protocol"],
        ["SmartCity.Cli"] = ["SmartCity.Protocol"],
        ["SmartCity.Simulator"] = ["SmartCity.Protocol"],
        ["SmartCity.Server"] = ["SmartCity.Domain", "SmartCity.Storage", "SmartCity.Protocol", "SmartCity.Dashboard"],
    };

    [Fact]
    public void Projects_reference_only_what_the_arrows_allow()
    {
        foreach (var path in Repository.Files("*.csproj").Where(p => !p.StartsWith("tests/", StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            Assert.True(Allowed.ContainsKey(name), $"{path}: a new project needs an arrow in docs/architecture.md and here");
            var wrong = References(path).Except(Allowed[name]).ToArray();
            Assert.True(wrong.Length == 0, $"{path} must not reference {string.Join(", ", wrong)}");
        }
    }

    [Fact]
    public void The_domain_references_no_package()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src/SmartCity.Domain/SmartCity.Domain.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Fact]
    public void Versions_live_in_one_place()
    {
        foreach (var path in Repository.Files("*.csproj"))
        {
            var project = XDocument.Load(Path.Combine(Repository.Root, path));
            Assert.DoesNotContain(project.Descendants("PackageReference"), p => p.Attribute("Version") is not null);
        }
    }

    // A build-order-only reference (the demo's simulator is a process of its own) is not an arrow between types.
    private static IEnumerable<string> References(string path) =>
        XDocument.Load(Path.Combine(Repository.Root, path)).Descendants("ProjectReference")
            .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
