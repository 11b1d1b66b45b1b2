using System.Text.Json;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>One declaration of maintenance. Moments are milliseconds since the epoch. Never changed.</summary>
internal sealed class MaintenanceRow
{
    public long RowId { get; set; }

    public required string Id { get; set; }

    /// <summary>JSON: <c>{"Districts":[...],"Piles":[...]}</c>.</summary>
    public required string Scope { get; set; }

    public required long FromTime { get; set; }

    public required long UntilTime { get; set; }

    public required string DeclaredBy { get; set; }

    public required string Reason { get; set; }

    public required long RecordedAt { get; set; }

    /// <summary>It as it was declared; nobody has cancelled it.</summary>
    public Maintenance ToMaintenance() => new(
        Id, JsonSerializer.Deserialize<Names>(Scope)!.ToScope(), new Instant(FromTime), new Instant(UntilTime), DeclaredBy, Reason,
        new Instant(RecordedAt), null);

    public static MaintenanceRow Of(Maintenance work) => new()
    {
        Id = work.Id,
        Scope = JsonSerializer.Serialize(Names.Of(work.Scope)),
        FromTime = work.From.Milliseconds,
        UntilTime = work.Until.Milliseconds,
        DeclaredBy = work.By,
        Reason = work.Reason,
        RecordedAt = work.Recorded.Milliseconds,
    };

    private sealed record Names(
        string[] Districts, string[] Subdistricts, string[] Compounds, string[] Grids, string[] Piles)
    {
        public AssetScope ToScope() => AssetScope.City with
        {
            Districts = Set(Districts),
            Subdistricts = Set(Subdistricts),
            Compounds = Set(Compounds),
            Grids = Set(Grids),
            Piles = Set(Piles),
        };

        public static Names Of(AssetScope scope) => new(
            Sorted(scope.Districts), Sorted(scope.Subdistricts), Sorted(scope.Compounds), Sorted(scope.Grids), Sorted(scope.Piles));

        private static HashSet<string> Set(string[] ids) => new(ids, StringComparer.Ordinal);

        private static string[] Sorted(IReadOnlySet<string> ids) => [.. ids.Order(StringComparer.Ordinal)];
    }
}
