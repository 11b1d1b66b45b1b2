using System.Text;
using Grpc.Core;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using AssetKind = SmartCity.Domain.Registry.AssetKind;

namespace SmartCity.Server.Api.Registry;

/// <summary>What the city owns: look-up, lists, import and export.</summary>
internal sealed class RegistryService(RegistryStore store, TimeProvider clock) : Protocol.V1.RegistryService.RegistryServiceBase
{
    private const int ContentBytesMax = 4 * 1024 * 1024;

    // Details travel in a header, and clients refuse headers above some 8 KiB.
    private const int ViolationCharsMax = 4_000;

    private Instant Now => Instant.From(clock.GetUtcNow());

    public override Task<GetAssetResponse> GetAsset(GetAssetRequest request, ServerCallContext context)
    {
        var kind = KindOf(request.Kind);
        var at = Instants.From(request.ValidAt, "valid_at") ?? Now;
        var word = kind.ToString().ToLowerInvariant();
        var asset = store.Assets(kind).FirstOrDefault(a => a.Asset.Id == request.Id && a.Asset.Validity.Contains(at))
            ?? throw new NotFoundException(
                word, request.Id, $"Nothing has that id at {at}. `smartcity assets list --kind {word}` lists all.");
        return Task.FromResult(new GetAssetResponse { Asset = AssetMessages.Of(asset) });
    }

    public override Task<ListAssetsResponse> ListAssets(ListAssetsRequest request, ServerCallContext context)
    {
        var fingerprint = Pages.FingerprintOf(request);
        var at = Pages.AsOf(request.PageToken, fingerprint, Instants.From(request.ValidAt, "valid_at") ?? Now);
        var assets = Versions(KindOf(request.Kind), request.AllVersions, at);
        var (page, next) = Pages.Take(assets, request.PageSize, request.PageToken, fingerprint, at);
        return Task.FromResult(new ListAssetsResponse { Assets = { page.Select(AssetMessages.Of) }, NextPageToken = next });
    }

    public override async Task<ImportAssetsResponse> ImportAssets(ImportAssetsRequest request, ServerCallContext context)
    {
        if (Encoding.UTF8.GetByteCount(request.Content) > ContentBytesMax)
        {
            throw new InvalidQueryException("content", "is larger than 4 MiB. Import it in several parts.");
        }
        var file = IsJson(request.Format)
            ? AssetFile.ReadJson(request.Content, Now)
            : AssetFile.ReadCsv(KindOf(request.Kind), request.Content, Now);
        var outcome = await store.ImportAsync(file, request.DryRun, context.CancellationToken);
        return outcome.Problems.Count > 0
            ? throw InvalidQueryException.Of(Violations(outcome.Problems))
            : new ImportAssetsResponse { Added = outcome.Added, Changed = outcome.Changed, Unchanged = outcome.Unchanged };
    }

    public override Task<ExportAssetsResponse> ExportAssets(ExportAssetsRequest request, ServerCallContext context)
    {
        var everyKind = IsJson(request.Format) && request.Kind == Protocol.V1.AssetKind.Unspecified;
        IEnumerable<AssetKind> kinds = everyKind ? Enum.GetValues<AssetKind>() : [KindOf(request.Kind)];
        var assets = kinds.SelectMany(kind => Versions(kind, request.AllVersions, Now)).Select(a => a.Asset);
        var content = IsJson(request.Format) ? AssetFile.WriteJson(assets) : AssetFile.WriteCsv(kinds.First(), assets);
        return Encoding.UTF8.GetByteCount(content) > ContentBytesMax
            ? throw new InvalidQueryException(
                "kind", "has more than 4 MiB of assets. Export one kind at a time, or page through ListAssets.")
            : Task.FromResult(new ExportAssetsResponse { Content = content });
    }

    private List<RecordedAsset> Versions(AssetKind kind, bool all, Instant at) =>
        [.. store.Assets(kind).Where(a => all || a.Asset.Validity.Contains(at))];

    private static AssetKind KindOf(Protocol.V1.AssetKind kind) =>
        kind is > Protocol.V1.AssetKind.Unspecified and <= Protocol.V1.AssetKind.Assignment
        ? (AssetKind)kind
        : throw new InvalidQueryException(
            "kind", $"is needed: one of {string.Join(", ", Enum.GetNames<AssetKind>().Select(k => k.ToUpperInvariant()))}.");

    private static bool IsJson(AssetFormat format) => format switch
    {
        AssetFormat.Unspecified or AssetFormat.Csv => false,
        AssetFormat.Json => true,
        _ => throw new InvalidQueryException("format", "is neither CSV nor JSON."),
    };

    private static List<(string Field, string Problem)> Violations(IReadOnlyList<ImportProblem> problems)
    {
        var violations = new List<(string Field, string Problem)>();
        var chars = 0;
        foreach (var problem in problems)
        {
            var place = $"{problem.Place} {problem.Column}".Trim();
            var field = place.Length == 0 ? "content" : $"content: {place}";
            chars += field.Length + problem.Text.Length;
            if (violations.Count > 0 && chars > ViolationCharsMax)
            {
                var more = problems.Count - violations.Count;
                violations.Add(("content", $"There are more problems ({more} at least). Mend these first."));
                break;
            }
            violations.Add((field, problem.Text));
        }
        return violations;
    }
}
