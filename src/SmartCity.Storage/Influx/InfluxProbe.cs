using System.Globalization;
using System.Net;
using System.Text.Json;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>What answers at the configured address.</summary>
/// <param name="Product">E.g. "InfluxDB 3 Core"; empty when nothing is known.</param>
/// <param name="Version">As it says, e.g. "1.6.7~rc0"; empty when it does not.</param>
/// <param name="Profile">V1 or V3.</param>
/// <param name="Problem">Why it cannot be used and what to do; null when it is ready.</param>
internal sealed record InfluxVerdict(string Product, string Version, InfluxProfile Profile, string? Problem);

/// <summary>Finds out before the first write what is wrong, and makes missing databases where that is allowed.</summary>
internal sealed class InfluxProbe(InfluxHttp http)
{
    // Whoever mistyped the address is told soon: even a busy InfluxDB says what it is.
    private static readonly TimeSpan FirstWordMax = TimeSpan.FromSeconds(4);

    private static readonly Version Oldest = new(1, 6);

    /// <summary>The interface of a profile.</summary>
    public static IInfluxWire WireOf(InfluxHttp http, InfluxProfile profile) =>
        profile == InfluxProfile.V3 ? new InfluxV3Wire(http) : new InfluxV1Wire(http);

    /// <summary>Looks once. Only cancellation and bugs are exceptions.</summary>
    public async ValueTask<InfluxVerdict> LookAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(http.Timeout, http.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var verdict = await FirstWordAsync(either.Token);
            return verdict.Problem is null ? await WithDatabasesAsync(verdict, either.Token) : verdict;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Silent(InfluxAdvice.OfTimeout(http.Options));
        }
        catch (Exception e) when (InfluxAdvice.IsSilence(e))
        {
            return Silent(InfluxAdvice.OfSilence(e));
        }
    }

    private async ValueTask<InfluxVerdict> FirstWordAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(FirstWordMax, http.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await PingAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // It is the connection's own patience that ended, or ours with a connection.
            return Silent(e.InnerException is TimeoutException
                ? InfluxAdvice.OfNobody : InfluxAdvice.OfNoWord(FirstWordMax));
        }
    }

    private InfluxVerdict Silent(string reason) =>
        new("", "", http.Options.Profile, $"InfluxDB at {http.Address.Url} does not answer: {reason}");

    private async ValueTask<InfluxVerdict> PingAsync(CancellationToken cancellation)
    {
        using var response = await http.SendAsync(HttpMethod.Get, "/ping", null, http.Options.Profile, cancellation);
        var text = await InfluxHttp.ReadTextAsync(response, cancellation);
        var (build, name) = (Header(response, "X-Influxdb-Build"), Header(response, "X-Influxdb-Version").TrimStart('v'));
        if (name.Length == 0)
        {
            name = VersionIn(text);
        }
        var status = (int)response.StatusCode;
        var verdict = new InfluxVerdict("", "", http.Options.Profile, null);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            var fault = new WriteOutcome(WriteClass.ConfigFault, status, WriteAnswer.Detail(text));
            return verdict with { Product = "InfluxDB", Problem = InfluxAdvice.Of(http, http.Options.Database, fault) };
        }
        if (!TryParse(name, out var version))
        {
            return verdict with { Problem = http.Options.Profile == InfluxProfile.Auto ? Stranger(status, text) : null };
        }
        var profile = http.Options.Profile != InfluxProfile.Auto ? http.Options.Profile
            : version.Major >= 3 && build != "cloud2" ? InfluxProfile.V3 : InfluxProfile.V1;
        var edition = version.Major >= 3 ? $" {build}" : "";
        return new InfluxVerdict(
            $"InfluxDB {version.Major}{edition}".TrimEnd(), name, profile, version >= Oldest ? null : TooOld(name));
    }

    private string TooOld(string version) =>
        $"InfluxDB at {http.Address.Url} is {version}, which is too old: SmartCity needs {Oldest} or later. Upgrade it, or let "
        + "Store:InfluxDb:Url point to another";

    private string Stranger(int status, string text)
    {
        var said = text.Length == 0 ? "" : $", '{http.Address.Redact(WriteAnswer.Detail(text))}'";
        return $"What answers at {http.Address.Url} is no InfluxDB (GET /ping: HTTP {status}, no version{said}). Correct "
            + "Store:InfluxDb:Url - InfluxDB listens on port 8086 (1.x, 2.x) or 8181 (3.x) unless told otherwise; where a proxy "
            + "hides it, set Store:InfluxDb:Profile to V1 or V3";
    }

    private async ValueTask<InfluxVerdict> WithDatabasesAsync(InfluxVerdict verdict, CancellationToken cancellation)
    {
        var wire = WireOf(http, verdict.Profile);
        foreach (var database in new[] { http.Options.Database, http.Options.RollupDatabase }.Distinct(StringComparer.Ordinal))
        {
            var problem = await WriteProblemAsync(wire, verdict, database, cancellation)
                ?? await ReadProblemAsync(wire, verdict, database, cancellation);
            if (problem is not null)
            {
                return verdict with { Problem = problem };
            }
        }
        return verdict;
    }

    // Every version looks at database and permission before it finds that there are no lines.
    private async ValueTask<string?> WriteProblemAsync(
        IInfluxWire wire, InfluxVerdict verdict, string database, CancellationToken cancellation)
    {
        var outcome = await wire.WriteAsync(database, default, cancellation);
        var isMissing = outcome is { Class: WriteClass.ConfigFault, HttpStatus: 404 };
        if (isMissing && verdict.Version.StartsWith("1.", StringComparison.Ordinal))
        {
            if (await CreationProblemAsync(wire, database, cancellation) is { } refusal)
            {
                return $"{InfluxAdvice.Of(http, database, outcome)}. SmartCity was not allowed to create it: {refusal}";
            }
            outcome = await wire.WriteAsync(database, default, cancellation);
        }
        return outcome.Class is WriteClass.Ok or WriteClass.RejectedAll ? null : InfluxAdvice.Of(http, database, outcome);
    }

    private static async ValueTask<string?> CreationProblemAsync(
        IInfluxWire wire, string database, CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in wire.QueryAsync(
                database, new InfluxQuery($"CREATE DATABASE {InfluxQl.Identifier(database)}"), cancellation))
            {
            }
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }

    private static async ValueTask<string?> ReadProblemAsync(
        IInfluxWire wire, InfluxVerdict verdict, string database, CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in wire.QueryAsync(database, new InfluxQuery("SHOW MEASUREMENTS LIMIT 1", "name"), cancellation))
            {
            }
            return null;
        }
        catch (StoreUnavailableException e) when (verdict.Profile == InfluxProfile.V3 && IsMissing(e))
        {
            return null; // 3.x makes a database with the first line.
        }
        catch (StoreUnavailableException e)
        {
            return e.Message;
        }
    }

    private static bool IsMissing(StoreUnavailableException e) => e.Message.Contains("HTTP 404", StringComparison.Ordinal);

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : "";

    private static string VersionIn(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String
                ? version.GetString()!.TrimStart('v') : "";
        }
        catch (JsonException)
        {
            return ""; // 1.x and 2.x answer nothing at all, others a page.
        }
    }

    // 1.6.7~rc0, 2.7.1, 3.1.0-nightly
    private static bool TryParse(string name, out Version version)
    {
        version = new Version();
        var parts = name.Split('.', 3);
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(string.Concat(parts[1].TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var minor))
        {
            return false;
        }
        version = new Version(major, minor);
        return true;
    }
}
