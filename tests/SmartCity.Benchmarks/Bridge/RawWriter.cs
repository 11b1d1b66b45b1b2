using System.Diagnostics;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>Sends requests that were encoded before, two at one time: as fast as InfluxDB takes these points.</summary>
internal static class RawWriter
{
    private const int Writers = 2;
    private const string Database = "raw";

    /// <summary>Writes all into a new database.</summary>
    public static async Task<TimeSpan> RunAsync(LocalInflux influx, List<byte[]> requests)
    {
        await influx.StartAsync();
        await influx.QueryAsync($"CREATE DATABASE {Database}");
        var next = -1;
        using var client = new HttpClient();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < requests.Count;)
            {
                using var body = new ByteArrayContent(requests[i]);
                using var answer = await client.PostAsync(
                    new Uri($"{influx.Url}/write?db={Database}&precision=ns"), body, CancellationToken.None);
                answer.EnsureSuccessStatusCode();
            }
        })));
        var took = Stopwatch.GetElapsedTime(start);
        await influx.StopAsync();
        return took;
    }
}
