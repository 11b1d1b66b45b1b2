using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

/// <summary>Whatever is done to them, in whatever order: the embedded store and InfluxDB answer the same.</summary>
public sealed class StoreComparisonTests(ITestOutputHelper output)
{
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("SMARTCITY_STORE_ROUNDS") ?? "3", System.Globalization.CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Random_histories_with_reopening_and_lost_indexes_answer_the_same_in_both_stores()
    {
        var url = (await SharedInflux.ServerAsync()).Url;
        var seed = Environment.GetEnvironmentVariable("SMARTCITY_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Environment.TickCount & int.MaxValue;
        for (var round = 0; round < Rounds; round++, seed++)
        {
            output.WriteLine($"SMARTCITY_SEED={seed}");
            await CompareAsync(url, new Random(seed));
        }
    }

    private static async Task CompareAsync(string url, Random random)
    {
        using var directory = new TempDirectory();
        var (embedded, influx) = (Embedded(directory), InfluxStores.Make(url, directory));
        try
        {
            var story = new RandomMessages(random);
            long position = 0;
            var sinceCheckpoint = new List<TelemetryBatch>();
            await embedded.OpenAsync(Token);
            await influx.OpenAsync(Token);
            for (var step = 0; step < 20; step++)
            {
                switch (random.Next(10))
                {
                    case < 5:
                        var messages = story.Next(random.Next(30), position);
                        position += messages.Count + random.Next(2);
                        var batch = new TelemetryBatch(messages, position, new IngestCounts(0, 0, random.Next(3), random.Next(2), 0, 0, 0));
                        await embedded.AppendAsync(batch, Token);
                        await influx.AppendAsync(batch, Token);
                        sinceCheckpoint.Add(batch);
                        break;
                    case 5:
                        Assert.Equal(await embedded.CheckpointAsync(Token), await influx.CheckpointAsync(Token));
                        sinceCheckpoint.Clear();
                        break;
                    case 6:
                        await embedded.DisposeAsync();
                        await influx.DisposeAsync();
                        (embedded, influx) = (Embedded(directory), InfluxStores.Make(url, directory));
                        Assert.Equal(await embedded.OpenAsync(Token), await influx.OpenAsync(Token));
                        break;
                    case 7 when position > 0:
                        await influx.DisposeAsync();
                        File.Delete(directory.File(InfluxTelemetryStore.IndexName));
                        influx = InfluxStores.Make(url, directory);
                        var first = await influx.OpenAsync(Token);
                        Assert.True(first <= position - sinceCheckpoint.Sum(b => b.Messages.Count), "no further than the last checkpoint");
                        // The journal was not cut beyond it, and gives the rest again.
                        foreach (var again in sinceCheckpoint)
                        {
                            await influx.AppendAsync(again, Token);
                        }
                        break;
                    default:
                        await StoreAnswers.AssertSameAsync(embedded, influx, story, random, Token);
                        break;
                }
            }
            await StoreAnswers.AssertSameAsync(embedded, influx, story, random, Token);
        }
        finally
        {
            await embedded.DisposeAsync();
            await influx.DisposeAsync();
        }
    }

    private static DuckDbTelemetryStore Embedded(TempDirectory directory) => new(
        directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
}
