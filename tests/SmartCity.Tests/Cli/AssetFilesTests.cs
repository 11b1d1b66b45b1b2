using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class AssetFilesTests
{
    [Fact]
    public async Task An_import_sends_the_file_and_tells_what_changed()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ImportAssetsRequest>(new ImportAssetsResponse { Added = 3, Changed = 2, Unchanged = 1 });
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(file, "id,name\nP-1,东站\n", TestContext.Current.CancellationToken);
        try
        {
            var text = (await city.RunAsync("assets", "import", file, "--kind", "pile", "--dry-run")).Done;

            Assert.Matches(@"\n *3 +2 +1\nChecked only; nothing was changed\.", text.ReplaceLineEndings("\n"));
            Assert.Equal(
                new ImportAssetsRequest
                {
                    Kind = AssetKind.Pile, Format = AssetFormat.Csv, Content = "id,name\nP-1,东站\n", DryRun = true,
                },
                city.OnlyQuestion<ImportAssetsRequest>());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_export_is_the_file_and_nothing_else()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ExportAssetsRequest>(new ExportAssetsResponse { Content = "{\"piles\":[]}\n" });

        Assert.Equal("{\"piles\":[]}\n", (await city.RunAsync("assets", "export", "--format", "json")).Done);
        Assert.Equal(new ExportAssetsRequest { Format = AssetFormat.Json }, city.OnlyQuestion<ExportAssetsRequest>());
    }
}
