using System.Globalization;
using Google.Protobuf.WellKnownTypes;
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
    ComplianceAnswers compliance, TimeProvider clock, ILogger<WarmUp> logger) : BackgroundService
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

    private async Task<GetUtilizationResponse> AskAsync(int days, CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        var period = new Period { From = now.AddDays(-days).ToTimestamp(), Until = now.ToTimestamp() };
        var usage = await utilization.AnswerAsync(new GetUtilizationRequest { Period = period, Bucket = Bucket.Day }, stopping);
        await faults.AnswerAsync(new ListFaultsRequest { Period = period }, stopping);
        await sessions.AnswerAsync(new ListSessionsRequest { Period = period }, stopping);
        var dates = new DateRange { First = DateOf(now.AddDays(-days)), Last = DateOf(now) };
        await compliance.AnswerAsync(new GetComplianceRequest { Dates = dates }, stopping);
        return usage;
    }

    /// <summary>Days that are over are remembered once somebody asked for them: month by month, most of the time at rest. Where
    /// nothing was seen on the oldest day there was nothing before it.</summary>
    private async Task LookBackAsync(CancellationToken stopping)
    {
        foreach (var days in AskedFirst)
        {
            if ((await AskAsync(days, stopping)).Rows[0].SeenSeconds == 0)
            {
                return;
            }
        }
        var (until, isSeen) = (clock.GetUtcNow(), true);
        for (var month = 1; month < Months && isSeen; month++)
        {
            until = until.AddDays(-Month);
            var began = clock.GetTimestamp();
            // A day more, so that the one in which it ends is whole in the next.
            var period = new Period { From = until.AddDays(-Month - 1).ToTimestamp(), Until = until.ToTimestamp() };
            var usage = await utilization.AnswerAsync(new GetUtilizationRequest { Period = period, Bucket = Bucket.Day }, stopping);
            isSeen = usage.Rows[0].SeenSeconds > 0;
            var dates = new DateRange { First = DateOf(until.AddDays(-Month)), Last = DateOf(until) };
            await compliance.AnswerAsync(new GetComplianceRequest { Dates = dates }, stopping);
            await Task.Delay(clock.GetElapsedTime(began) * Rest, clock, stopping);
        }
    }

    private static string DateOf(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The server could not ask itself the common questions; the first answers take longer")]
        public static partial void NotWarm(ILogger logger, Exception e);
    }
}
