using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Faults;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api;

/// <summary>Asks the common questions once when the server has settled: the first person who asks finds code compiled and data in
/// memory. Nobody waits for it, and what it is answered nobody reads.</summary>
internal sealed partial class WarmUp(
    UsageDigester digester, UtilizationAnswers utilization, SessionAnswers sessions, FaultListAnswers faults,
    ComplianceAnswers compliance, ITelemetryStore store, TimeProvider clock, ILogger<WarmUp> logger) : BackgroundService
{
    private const int Month = 30;
    private const int Months = 12;

    // A young city has little to remember.
    private static readonly int[] AskedFirst = [1, 7, Month];

    // People ask meanwhile: three quarters of the time are theirs.
    private const int Rest = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        // Before that a back-fill may be coming in, or there is nothing to ask about.
        while (digester.Until is null && await timer.WaitForNextTickAsync(stopping))
        {
        }
        while (!await TryLookBackAsync(stopping) && await timer.WaitForNextTickAsync(stopping))
        {
        }
    }

    private async Task<bool> TryLookBackAsync(CancellationToken stopping)
    {
        try
        {
            await LookBackAsync(stopping);
        }
        catch (StoreUnavailableException)
        {
            // Its writer tells people; it will be back.
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whoever asks the same is told; that is no reason to stop taking readings.
            Log.NotWarm(logger, e);
        }
        return true;
    }

    private async Task AskAsync(int days, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var period = new Period { From = now.AddDays(-days).ToTimestamp(), Until = now.ToTimestamp() };
        await utilization.AnswerAsync(new GetUtilizationRequest { Period = period, Bucket = Bucket.Day }, stopping);
        await faults.AnswerAsync(new ListFaultsRequest { Period = period }, stopping);
        await sessions.AnswerAsync(new ListSessionsRequest { Period = period }, stopping);
        var dates = new DateRange { First = DateOf(now.AddDays(-days)), Last = DateOf(now) };
        await compliance.AnswerAsync(new GetComplianceRequest { Dates = dates }, stopping);
    }

    /// <summary>Days that are over are remembered once somebody asked for them: month by month, most of the time at rest, as far
    /// back as there are records.</summary>
    private async Task LookBackAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var asked = 0;
        foreach (var days in AskedFirst)
        {
            // There is always something to compile.
            if (asked == 0 || await AnyAsync(now.AddDays(-days), now.AddDays(-asked), stopping))
            {
                await AskAsync(days, stopping);
            }
            asked = days;
        }
        var until = now.AddDays(-Month);
        for (var month = 1; month < Months && await AnyAsync(until.AddDays(-Month), until, stopping); month++)
        {
            var began = clock.GetTimestamp();
            // A day more, so that the one in which it ends is whole in the next.
            var period = new Period { From = until.AddDays(-Month - 1).ToTimestamp(), Until = until.ToTimestamp() };
            await utilization.AnswerAsync(new GetUtilizationRequest { Period = period, Bucket = Bucket.Day }, stopping);
            var dates = new DateRange { First = DateOf(until.AddDays(-Month)), Last = DateOf(until) };
            await compliance.AnswerAsync(new GetComplianceRequest { Dates = dates }, stopping);
            await Task.Delay(clock.GetElapsedTime(began) * Rest, clock, stopping);
            until = until.AddDays(-Month);
        }
    }

    private async Task<bool> AnyAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken stopping) =>
        await store.ReadLatestReceivedAsync(
            new RecordQuery(DeviceKind.Pile, null, Instant.From(from), Instant.From(until), Instant.Max), stopping) is not null;

    private static string DateOf(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The server could not ask itself the common questions; the first answers take longer")]
        public static partial void NotWarm(ILogger logger, Exception e);
    }
}
