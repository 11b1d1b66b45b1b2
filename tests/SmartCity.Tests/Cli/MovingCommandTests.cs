using Google.Protobuf;
using SmartCity.Cli;
using SmartCity.Protocol.V1;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.Cli;

public sealed class MovingCommandTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("table", "\"kind\":\"smartcity-export\"", "export", "--out", "FOLDER/new")]
    [InlineData("table", "\"kind\":\"smartcity-export\"", "export", "--format", "line", "--out", "FOLDER/new.line")]
    [InlineData("table", "\"kind\":\"smartcity-backup\"", "backup", "--to", "FOLDER/new")]
    [InlineData("table", "Known", "import", "FOLDER/have.line")]
    [InlineData("csv", "name,messages,stored,duplicate", "import", "FOLDER/have.line")]
    [InlineData("json", "\"stored\": \"3\"", "import", "FOLDER/have.line")]
    public async Task Every_command_says_what_it_did(string output, string expected, params string[] args)
    {
        await File.WriteAllTextAsync(folder.File("have.line"), CannedMoving.Content, TestContext.Current.CancellationToken);
        await using var city = await CannedCity.StartAsync();
        city.Answering<ImportTelemetryRequest>(new ImportTelemetryResponse { Messages = 3, Stored = 3 });

        var text = (await city.RunAsync([.. InFolder(args), "--output", output])).DoneWithRemarks;

        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Single(city.Asked);
    }

    [Fact]
    public async Task Restore_asks_no_server_and_says_what_else_there_is_to_do()
    {
        await using var city = await CannedCity.StartAsync();
        Assert.Equal(CommandLine.Done, (await city.RunAsync("backup", "--to", folder.File("backup"))).Code);

        var text = (await city.RunAsync("restore", folder.File("backup"), "--data-directory", folder.File("data"))).Done;

        Assert.Contains($"--DataDirectory={folder.File("data")}", text, StringComparison.Ordinal);
        Assert.Contains("The rest is elsewhere.", text, StringComparison.Ordinal);
        Assert.Equal(
            CannedMoving.Content,
            await File.ReadAllTextAsync(Path.Combine(folder.File("data"), "journal.db"), TestContext.Current.CancellationToken));
        Assert.Single(city.Asked);
    }

    [Theory]
    [InlineData("house.line", "house.line", "house.manifest.json")]
    [InlineData("house", "house/2026-11-23.line", "house/manifest.json")]
    public async Task A_file_alone_is_checked_as_well_before_anything_is_sent(string target, string file, string manifest)
    {
        await using var city = await CannedCity.StartAsync();
        await city.RunAsync("export", "--format", "line", "--out", folder.File(target));
        Assert.Equal("", (await city.RunAsync("import", folder.File(file))).Error);
        await File.AppendAllTextAsync(folder.File(file), "#", TestContext.Current.CancellationToken);

        var changed = await city.RunAsync("import", folder.File(file));
        Assert.NotEqual(CommandLine.Done, changed.Code);
        Assert.Contains("is not as it was written", changed.Error, StringComparison.Ordinal);
        Assert.Equal(2, city.Asked.Count); // The export and the first import.

        File.Delete(folder.File(manifest));
        var alone = await city.RunAsync("import", folder.File(file));
        Assert.Equal(CommandLine.Done, alone.Code);
        Assert.Contains("no manifest", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ends_before_the_manifest_is_no_success()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ExportTelemetryRequest>(new ExportTelemetryResponse
        {
            Part = new FilePart { Name = "a.line", Content = ByteString.CopyFromUtf8("#") },
        });

        var run = await city.RunAsync("export", "--out", folder.File("new"));

        Assert.NotEqual(CommandLine.Done, run.Code);
        Assert.Contains("ended before its manifest", run.Error, StringComparison.Ordinal);
    }

    private IEnumerable<string> InFolder(string[] args) =>
        args.Select(arg => arg.Replace("FOLDER", folder.Path, StringComparison.Ordinal));
}
