using System.Text.RegularExpressions;
using SmartCity.Domain.Registry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Registry;

/// <summary>What the documents tell people to copy works.</summary>
public sealed partial class ExampleTests : IDisposable
{
    private readonly RegistryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_files_in_the_document_import_in_their_order()
    {
        using var store = folder.Open();
        var document = Read("docs/registry.md");
        var kinds = new List<AssetKind>();
        foreach (Match file in CsvFile().Matches(document))
        {
            kinds.Add(Enum.Parse<AssetKind>(file.Groups[1].Value, ignoreCase: true));
            Assert.Empty((await store.ImportAsync(kinds[^1], file.Groups[2].Value, folder.Now)).Problems);
        }
        Assert.Equal(Enum.GetValues<AssetKind>(), kinds.Order());
        await ImportAsync(store, JsonFile().Match(document).Groups[1].Value, added: 2);
        Assert.Equal(43.8378, store.Current.PointVersions("K-01")[0].Location.Lat, 5);
    }

    [Fact]
    public async Task The_first_pile_of_the_README_imports()
    {
        using var store = folder.Open();
        await ImportAsync(store, Read("docs/examples/first-pile.json"), added: 4);
        Assert.Equal(10, store.Current.PileVersions("P-1")[0].Ports);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    private async Task ImportAsync(RegistryStore store, string json, int added)
    {
        var outcome = await store.ImportAsync(
            AssetFile.ReadJson(json, folder.Now), tryOnly: false, TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Problems);
        Assert.Equal(added, outcome.Added);
    }

    [GeneratedRegex(@"\(`--kind (\w+)`\)[^`]*```csv\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CsvFile();

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonFile();
}
