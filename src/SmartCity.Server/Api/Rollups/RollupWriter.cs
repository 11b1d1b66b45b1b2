using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Server.Settings;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Rollups;

/// <summary>
/// Keeps the days in InfluxDB the same as the answers: asks for each day that late records may still change what everybody is
/// answered, and writes those that say something else than what is there. It remembers nothing that InfluxDB does not.
/// </summary>
internal sealed partial class RollupWriter(
    ITelemetryStore store, UtilizationAnswers utilization, ComplianceAnswers compliance, SanitationRequests sanitation,
    RegistryStore registry,
    IOptions<TelemetryOptions> telemetry, IOptions<InfluxOptions> options, TimeProvider clock, ILogger<RollupWriter> logger)
    : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    // A question about a month costs little more than one about a day.
    private const int DaysAtATime = 30;
    private const int RowsAtATime = 50_000;

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
        // What was late on the last hours of yesterday may belong to a day that was a day more ago.
        var oldest = today.AddDays(-telemetry.Value.LateDays - 1);
        var there = await influx.ReadRollupsAsync(Start(oldest), Start(today.AddDays(1)), cancellation);
        var assets = Math.Max(registry.Current.Piles.Count, registry.Current.Points.Count);
        var daysAtATime = Math.Clamp(RowsAtATime / Math.Max(1, assets), 1, DaysAtATime);
        var written = 0;
        for (var first = oldest; first <= today; first = first.AddDays(daysAtATime))
        {
            var days = Enumerable.Range(0, Math.Min(daysAtATime, today.DayNumber - first.DayNumber + 1)).Select(first.AddDays).ToList();
            foreach (var rollup in (await PilesAsync(days, now, cancellation)).Concat(await PointsAsync(days, cancellation)))
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

    private async Task<IEnumerable<Rollup>> PilesAsync(List<DateOnly> days, Instant now, CancellationToken cancellation)
    {
        var (from, until) = (Start(days[0]), Instant.Earlier(Start(days[^1].AddDays(1)), now));
        var rows = new List<(RowKey Key, RollupRow Row)>();
        var request = new GetUtilizationRequest
        {
            GroupBy = GroupBy.Pile, Bucket = Bucket.Day, PageSize = Pages.SizeMax,
            Period = new Period { From = from.ToTimestamp(), Until = until.ToTimestamp(), TimeZone = sanitation.Zone.Id },
        };
        do
        {
            var page = from < until ? await utilization.AnswerAsync(request, cancellation) : new GetUtilizationResponse();
            rows.AddRange(page.Rows.Where(row => row.CommissionedSeconds > 0).Select(row => (row.Key, RollupRows.Of(row))));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return ByDay(RollupRows.Piles, RollupRows.PileFields, days, rows);
    }

    private async Task<IEnumerable<Rollup>> PointsAsync(List<DateOnly> days, CancellationToken cancellation)
    {
        var answer = await compliance.AnswerAsync(
            new GetComplianceRequest
            {
                Dates = new DateRange { First = Words(days[0]), Last = Words(days[^1]) }, GroupBy = GroupBy.Point, Bucket = Bucket.Day,
            },
            cancellation);
        return ByDay(
            RollupRows.Points, RollupRows.PointFields, days,
            answer.Rows.Where(row => row.Scheduled > 0).Select(row => (row.Key, RollupRows.Of(row))));

        static string Words(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    // A day without rows is one, too: it may have had some.
    private IEnumerable<Rollup> ByDay(
        string measurement, IReadOnlyList<string> fields, IEnumerable<DateOnly> days, IEnumerable<(RowKey Key, RollupRow Row)> rows)
    {
        var found = rows.ToLookup(row => Instant.From(row.Key.BucketFrom.ToDateTimeOffset()), row => row.Row);
        return days.Select(Start).Select(day => new Rollup(measurement, fields, day, [.. found[day]]));
    }

    private Instant Start(DateOnly day) => LocalDay.StartOf(day, sanitation.Zone);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The days in InfluxDB could not be compared with what is known; it is tried again")]
        public static partial void NotWritten(ILogger logger, Exception e);
    }
}
