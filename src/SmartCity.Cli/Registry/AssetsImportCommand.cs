using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Registry;

/// <summary><c>smartcity assets import</c></summary>
internal static class AssetsImportCommand
{
    private const int ContentBytesMax = 4 * 1024 * 1024; // What the server takes.

    private static readonly Argument<string> File = new("file") { Description = "A .csv or .json file." };

    private static readonly Option<bool> DryRun = CommonOptions.Flag("--dry-run", "Only check; change nothing.");

    public static Command Build(Terminal terminal)
    {
        var command = Question.Command(
            terminal,
            "import",
            "Adds assets, or new versions of them, from a file: all rows or none.",
            """
            smartcity assets import registry.json
            smartcity assets import piles.csv --kind pile --dry-run
            """,
            [AssetsCommand.Kind, DryRun],
            AskAsync);
        command.Add(File);
        return command;
    }

    private static async Task AskAsync(Question question)
    {
        var path = question.Get(File);
        var request = new ImportAssetsRequest
        {
            Kind = question.Get(AssetsCommand.Kind),
            Format = FormatOf(path),
            Content = await ContentAsync(path, question.Cancellation),
            DryRun = question.Get(DryRun),
        };
        if (request is { Format: AssetFormat.Csv, Kind: AssetKind.Unspecified })
        {
            throw new UsageException("A CSV file has assets of one kind: name it, as --kind pile.");
        }
        var client = new RegistryService.RegistryServiceClient(question.Channel);
        var response = await client.ImportAssetsAsync(request, question.Call);
        Column<ImportAssetsResponse>[] columns =
        [
            new("Added", r => Say.Count(r.Added), IsNumber: true),
            new("Changed", r => Say.Count(r.Changed), IsNumber: true),
            new("Unchanged", r => Say.Count(r.Unchanged), IsNumber: true),
        ];
        await new Answer<ImportAssetsResponse>(response, [response], columns)
        {
            Notes = request.DryRun ? ["Checked only; nothing was changed."] : [],
        }.ShowAsync(question);
    }

    private static AssetFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => AssetFormat.Csv,
        ".JSON" => AssetFormat.Json,
        _ => throw new UsageException($"'{path}' must end in .csv or .json: that tells its format."),
    };

    private static async Task<string> ContentAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return new FileInfo(path).Length <= ContentBytesMax
                ? await System.IO.File.ReadAllTextAsync(path, cancellation)
                : throw new UsageException($"'{path}' is larger than 4 MiB: split it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read: {e.Message}");
        }
    }
}
