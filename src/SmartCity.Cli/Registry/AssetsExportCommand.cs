using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Registry;

/// <summary><c>smartcity assets export</c></summary>
internal static class AssetsExportCommand
{
    private static readonly Option<AssetFormat> Format = Words.One<AssetFormat>("--format", "The file's format");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "export",
        "The registry in the form that import takes, on the standard output.",
        """
        smartcity assets export --format json > registry.json
        smartcity assets export --kind pile > piles.csv
        """,
        [AssetsCommand.Kind, Format, AssetsCommand.Versions],
        AskAsync);

    private static async Task AskAsync(Question question)
    {
        var request = new ExportAssetsRequest
        {
            Kind = question.Get(AssetsCommand.Kind),
            Format = question.Get(Format) is var format && format != AssetFormat.Unspecified ? format : AssetFormat.Csv,
            AllVersions = question.Get(AssetsCommand.Versions),
        };
        if (request is { Format: AssetFormat.Csv, Kind: AssetKind.Unspecified })
        {
            throw new UsageException("A CSV file has assets of one kind: name it, as --kind pile, or take --format json.");
        }
        var client = new RegistryService.RegistryServiceClient(question.Channel);
        var response = await client.ExportAssetsAsync(request, question.Call);
        await question.Terminal.Out.WriteAsync(response.Content); // A file, as it is, whatever --output says.
    }
}
