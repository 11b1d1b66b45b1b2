using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Registry;

/// <summary><c>smartcity assets list|get|import|export</c></summary>
internal static class AssetsCommand
{
    public static readonly Option<AssetKind> Kind = Words.One<AssetKind>("--kind", "What kind of asset");

    private static readonly Argument<string> Id = new("id") { Description = "The asset's id." };

    private static readonly Option<string?> ValidAt = new("--valid-at")
    {
        Description = "As it was in force then. Default: now.",
        HelpName = "time",
    };

    public static readonly Option<bool> Versions = CommonOptions.Flag("--all-versions", "Also past and future versions.");

    public static Command Build(Terminal terminal)
    {
        var get = Question.Command(
            terminal, "get", "One asset.", "smartcity assets get pile-0001 --kind pile", [Kind, ValidAt], GetAsync);
        get.Add(Id);
        var list = Question.Command(
            terminal,
            "list",
            "All assets of a kind, by id.",
            """
            smartcity assets list --kind pile
            smartcity assets list --kind point --all-versions --output csv
            """,
            [Kind, ValidAt, Versions, CommonOptions.Limit],
            ListAsync);
        return new Command("assets", "Piles, trucks, collection points, areas and schedules, and what was in force when.")
        {
            list,
            get,
            AssetsImportCommand.Build(terminal),
            AssetsExportCommand.Build(terminal),
        };
    }

    private static Column<Asset>[] Columns(TimeZoneInfo zone) =>
    [
        new("Id", a => a.Id),
        new("From", a => Say.Time(a.ValidFrom, zone), 1),
        new("Until", a => a.ValidUntil is null ? "further notice" : Say.Time(a.ValidUntil, zone), 2),
        new("What", AssetWords.Of),
        new("Recorded", a => Say.Time(a.RecordedTime, zone), 3),
    ];

    private static async Task ListAsync(Question question)
    {
        var client = new RegistryService.RegistryServiceClient(question.Channel);
        var request = new ListAssetsRequest
        {
            Kind = NeededKind(question),
            ValidAt = Moment(question),
            AllVersions = question.Get(Versions),
        };
        var response = await Pages.AllAsync(question, request, client.ListAssetsAsync);
        await new Answer<Asset>(response, response.Assets, Columns(question.Zone)).ShowAsync(question);
    }

    private static async Task GetAsync(Question question)
    {
        var client = new RegistryService.RegistryServiceClient(question.Channel);
        var request = new GetAssetRequest { Kind = NeededKind(question), Id = question.Get(Id), ValidAt = Moment(question) };
        var response = await client.GetAssetAsync(request, question.Call);
        await new Answer<Asset>(response, [response.Asset], Columns(question.Zone)).ShowAsync(question);
    }

    private static AssetKind NeededKind(Question question) => question.Get(Kind) is var kind && kind != AssetKind.Unspecified
        ? kind
        : throw new UsageException("Name the kind of asset, as --kind pile.");

    private static Google.Protobuf.WellKnownTypes.Timestamp? Moment(Question question) =>
        question.Get(ValidAt) is { } text ? Moments.Instant("--valid-at", text, question.Zone).ToTimestamp() : null;
}
