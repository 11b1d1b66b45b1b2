using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>What every question about obligations says: at which points, on which service dates, and as known when.</summary>
/// <param name="Evaluation">Nothing later exists. The same on all pages of an answer.</param>
internal sealed record AskedDates(
    ScopedPoints Points, DateOnly First, DateOnly Last, TimeZoneInfo Zone, Instant Evaluation, string Fingerprint,
    RegistrySnapshot Registry);

/// <summary>Reads requests.</summary>
internal sealed class SanitationRequests(RegistryStore registry, TimeProvider clock, SanitationOptions options)
{
    /// <summary>The most service dates one request may ask about.</summary>
    public const int DatesMax = 400;

    /// <summary>The most rows an answer may have, over all its pages.</summary>
    public const int RowsMax = 500_000;

    private const int DefaultDates = 7;
    private static readonly DateOnly Earliest = new(2020, 1, 1);
    private static readonly DateOnly Latest = new(2099, 12, 31);

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);

    public SanitationRules Rules { get; } = options.ToRules();

    /// <summary>The common part of a request about service dates.</summary>
    /// <param name="pageToken">Empty for the first page, and for answers without pages.</param>
    public async Task<AskedDates> ReadAsync(
        IMessage request, Scope? scope, DateRange? dates, Timestamp? asOf, string pageToken, CancellationToken cancellation)
    {
        RefuseOnlyOthers(scope);
        var (evaluation, fingerprint, known) = await AskedAsync(request, asOf, pageToken, cancellation);
        var today = ServiceClock.DateOf(evaluation, Zone, Rules.ServiceDayStart);
        var last = DateOf(dates?.Last, "dates.last") ?? today;
        var first = DateOf(dates?.First, "dates.first") ?? last.AddDays(1 - DefaultDates);
        if (first > last)
        {
            throw new InvalidQueryException(
                "dates", $"is empty: first {first:yyyy-MM-dd} is after last {last:yyyy-MM-dd}. Both are inside the range.");
        }
        return last.DayNumber - first.DayNumber >= DatesMax
            ? throw new InvalidQueryException("dates", $"is longer than {DatesMax} days. Ask in several parts.")
            : new AskedDates(new ScopedPoints(known, ScopeOf(scope)), first, last, Zone, evaluation, fingerprint, known);
    }

    /// <summary>What a request is about.</summary>
    public AssetScope ScopeOf(Scope? scope) => Scopes.From(scope, registry.Current);

    /// <summary>The same for requests that are about points.</summary>
    public AssetScope ScopeOfPoints(Scope? scope)
    {
        RefuseOnlyOthers(scope);
        return ScopeOf(scope);
    }

    /// <summary>What is known at the instant of a request; never nothing while there is something now.</summary>
    /// <exception cref="InvalidQueryException">Nothing was registered yet.</exception>
    public async Task<(Instant Evaluation, string Fingerprint, RegistrySnapshot Registry)> AskedAsync(
        IMessage request, Timestamp? asOf, string pageToken, CancellationToken cancellation)
    {
        var asked = await KnownAsync(request, asOf, pageToken, cancellation);
        await KnownRegistry.RefuseNothingAsync(registry, asked.Registry, Zone, cancellation);
        return asked;
    }

    /// <summary>What is known at the instant of a request.</summary>
    public async Task<(Instant Evaluation, string Fingerprint, RegistrySnapshot Registry)> KnownAsync(
        IMessage request, Timestamp? asOf, string pageToken, CancellationToken cancellation)
    {
        var fingerprint = Pages.FingerprintOf(request);
        var now = Instant.From(clock.GetUtcNow());
        var evaluation = Pages.AsOf(pageToken, fingerprint, Instants.AsOf(asOf, now));
        return (evaluation, fingerprint, await registry.AsKnownAtAsync(evaluation, cancellation));
    }

    /// <summary>The window keys of a request; empty: all.</summary>
    public HashSet<string> KeysOf(IReadOnlyCollection<string> keys)
    {
        if (keys.Any(string.IsNullOrWhiteSpace))
        {
            throw new InvalidQueryException("window_keys", "holds an empty key. Leave the list empty to ask for all windows.");
        }
        var known = new KnownIds(registry.Current).Windows;
        // Nothing found in a window that does not exist looks like an answer.
        return keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown
            ? throw new InvalidQueryException("window_keys", known.Refuse(unknown))
            : keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What the registry holds now.</summary>
    public RegistrySnapshot Known => registry.Current;

    /// <summary>The present moment.</summary>
    public Instant Now => Instant.From(clock.GetUtcNow());

    /// <summary>A moment as people read it on their clocks.</summary>
    public string Clock(Instant at) => TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), Zone)
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A service date of a request; null when it is absent.</summary>
    public static DateOnly? DateOf(string? text, string field)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date >= Earliest && date <= Latest
            ? date
            : throw new InvalidQueryException(
                field, $"is not a date between {Earliest:yyyy-MM-dd} and {Latest:yyyy-MM-dd}. Write it like 2026-11-23.");
    }

    /// <summary>Obligations lie at points: a scope that names other things only would quietly be empty.</summary>
    private static void RefuseOnlyOthers(Scope? scope)
    {
        if (scope is not null && scope.DistrictIds.Count + scope.SubdistrictIds.Count + scope.CompoundIds.Count + scope.GridIds.Count
            + scope.PointIds.Count == 0 && scope.PileIds.Count + scope.TruckIds.Count > 0)
        {
            throw new InvalidQueryException(
                scope.TruckIds.Count > 0 ? "scope.truck_ids" : "scope.pile_ids",
                "names no collection point. Name points or areas; ListVisits tells what a truck did.");
        }
    }
}
