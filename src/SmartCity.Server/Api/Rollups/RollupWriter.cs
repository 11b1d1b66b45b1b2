using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Server.Settings;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Rollups;

/// <summary>
/// Keeps the days in InfluxDB the same as the answers: asks for each day that late records may still change what everybody is
/// answered, and writes those that say something else than what is there. It remembers nothing that InfluxDB does not.
/// </summary>
internal sealed partial class RollupWriter(
    ITelemetryStore store, UtilizationAnswers utilization, ComplianceAnswers compliance, SanitationRequests sanitation,
    IOptions<TelemetryOptions> telemetry, IOptions<InfluxOptions> options, TimeProvider clock, ILogger<RollupWriter> logger)
    : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    // A server that has just started has more urgent things to do.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>Compares all days once, and mends them.</summary>
    /// <returns>How many were written; none without InfluxDB.</returns>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async Task<int> WriteAsync(CancellationToken cancellation)
    {
        if (store is not InfluxTelemetryStore influx)
        {
            return 0;
        }
        var now = Instant.From(clock.GetUtcNow());
        var today = LocalDay.Of(now, sanitation.Zone);
        var oldest = today.AddDays(-telemetry.Value.LateDays);
        var there = await influx.ReadRollupsAsync(Start(oldest), Start(today.AddDays(1)), cancellation);
        var written = 0;
        for (var day = oldest; day <= today; day = day.AddDays(1))
        {
            foreach (var rollup in new[] { await PilesAsync(day, now, cancellation), await PointsAsync(day, cancellation) })
            {
                var isKnown = there.TryGetValue((rollup.Measurement, rollup.Day), out var hash);
                if (isKnown ? hash != rollup.Hash() : rollup.Rows.Count > 0)
                {
                    await influx.WriteRollupAsync(rollup, cancellation);
                    written++;
                }
            }
        }
        return written;
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (store is not InfluxTelemetryStore || options.Value.RollupMinutes == 0)
        {
            return;
        }
        for (var wait = FirstWait; ; wait = await TryWriteAsync(stopping) ? TimeSpan.FromMinutes(options.Value.RollupMinutes) : Retry)
        {
            await Task.Delay(wait, clock, stopping);
        }
    }

    private async Task<bool> TryWriteAsync(CancellationToken stopping)
    {
        try
        {
            await WriteAsync(stopping);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false; // Its writer tells people; it will be back.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Dashboards show older figures meanwhile; that is no reason to stop taking readings.
            Log.NotWritten(logger, e);
            return false;
        }
    }

    private async Task<Rollup> PilesAsync(DateOnly day, Instant now, CancellationToken cancellation)
    {
        var (from, until) = (Start(day), Instant.Earlier(Start(day.AddDays(1)), now));
        var rows = new List<RollupRow>();
        var request = new GetUtilizationRequest
        {
            GroupBy = GroupBy.Pile, PageSize = Pages.SizeMax,
            Period = new Period { From = from.ToTimestamp(), Until = until.ToTimestamp(), TimeZone = sanitation.Zone.Id },
        };
        do
        {
            var page = from < until ? await utilization.AnswerAsync(request, cancellation) : new GetUtilizationResponse();
            rows.AddRange(page.Rows.Where(row => row.CommissionedSeconds > 0).Select(RollupRows.Of));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return new Rollup(RollupRows.Piles, RollupRows.PileFields, from, rows);
    }

    private async Task<Rollup> PointsAsync(DateOnly day, CancellationToken cancellation)
    {
        var date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var answer = await compliance.AnswerAsync(
            new GetComplianceRequest { Dates = new DateRange { First = date, Last = date }, GroupBy = GroupBy.Point }, cancellation);
        return new Rollup(
            RollupRows.Points, RollupRows.PointFields, Start(day), [.. answer.Rows.Where(row => row.Scheduled > 0).Select(RollupRows.Of)]);
    }

    private Instant Start(DateOnly day) => LocalDay.StartOf(day, sanitation.Zone);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The days in InfluxDB could not be compared with what is known; it is tried again")]
        public static partial void NotWritten(ILogger logger, Exception e);
    }
}
