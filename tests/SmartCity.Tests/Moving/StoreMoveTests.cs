using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Stores;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Moving;

/// <summary>What is moved from one store to another answers there as it did before.</summary>
public sealed class StoreMoveTests(ITestOutputHelper output)
{
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("SMARTCITY_MOVES") ?? "1", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Random_histories_answer_the_same_after_a_move_to_the_other_store(bool fromInflux, bool asParquet)
    {
        var url = (await SharedInflux.ServerAsync()).Url;
        var seed = Environment.GetEnvironmentVariable("SMARTCITY_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Environment.TickCount & int.MaxValue;
        for (var round = 0; round < Rounds; round++, seed++)
        {
            output.WriteLine($"SMARTCITY_SEED={seed}");
            using var directory = new TempDirectory();
            await using var embedded = Embedded(directory);
            await using var influx = InfluxStores.Make(url, directory);
            TelemetryIndex[] both = fromInflux ? [influx, embedded] : [embedded, influx];
            await MoveAsync(both[0], both[1], asParquet, directory, new Random(seed));
        }
    }

    [Fact]
    public async Task A_span_of_event_time_brings_whole_messages_and_no_others()
    {
        using var directory = new TempDirectory();
        await using var store = Embedded(directory);
        await store.OpenAsync(Token);
        var late = Message(
            DeviceKind.Pile, Channel.Meter, Meter(Stamp("d", At(5), 1, 0, At(90_000))), Meter(Stamp("d", At(50), 1, 1, At(90_000))));
        await store.AppendAsync(new TelemetryBatch([MeterMessage("d", 0, 0), late, MeterMessage("d", 100, 2)], 3), Token);
        var spans = await store.ReadReceivedSpansAsync(At(4), At(6), Instant.Max, Token);
        var (from, until) = Assert.Single(spans);
        var whole = Assert.Single((await store.ReadReceivedAsync(from, until, Token)).Messages);
        Assert.Equal(2, whole.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_span_can_be_read_while_more_of_it_comes_in(bool isInflux)
    {
        const int batches = 100;
        using var directory = new TempDirectory();
        await using TelemetryIndex store =
            isInflux ? InfluxStores.Make((await SharedInflux.ServerAsync()).Url, directory) : Embedded(directory);
        await store.OpenAsync(Token);
        var storing = Task.Run(StoreAsync, Token);
        var before = 0;
        while (!storing.IsCompleted)
        {
            var read = await store.ReadReceivedAsync(At(0), At(60), Token);
            Assert.Equal(0, read.Empty);
            Assert.InRange(read.Messages.Count, before, batches);
            before = read.Messages.Count;
        }
        await storing;
        Assert.Equal(batches, (await store.ReadReceivedAsync(At(0), At(60), Token)).Messages.Count);

        async Task StoreAsync()
        {
            for (var i = 0; i < batches; i++)
            {
                await store.AppendAsync(new TelemetryBatch([MeterMessage("d", i / 10.0, i) with { Position = i }], i + 1), Token);
            }
        }
    }

    private static async Task MoveAsync(TelemetryIndex from, TelemetryIndex to, bool asParquet, TempDirectory directory, Random random)
    {
        var story = new RandomMessages(random);
        await from.OpenAsync(Token);
        await to.OpenAsync(Token);
        long position = 0;
        for (var i = 0; i < 8; i++)
        {
            var messages = story.Next(random.Next(60), position);
            position += messages.Count;
            await from.AppendAsync(new TelemetryBatch(messages, position), Token);
        }
        var moved = new List<TelemetryMessage>();
        foreach (var (begin, end) in await from.ReadReceivedSpansAsync(Instant.Min, Instant.Max, Instant.Max, Token))
        {
            var received = await from.ReadReceivedAsync(begin, end, Token);
            Assert.Equal(0, received.Empty);
            moved.AddRange(received.Messages);
        }
        Assert.Equal(story.Sent.Count, moved.Count);
        Assert.Equal(story.Sent.Sum(message => message.Count), moved.Sum(message => message.Count));
        var carried = asParquet ? ByParquet(moved, directory) : ByLines(moved);
        // Interrupted, then all, then all once more: what is there already changes nothing.
        var ledger = new MessageLedger(to);
        await ledger.LoadAsync(Token);
        var at = await ImportAsync(to, ledger, carried[..random.Next(carried.Count)], 0);
        at = await ImportAsync(to, ledger, carried, at);
        await ledger.LoadAsync(Token);
        var stored = await to.ReadCountsAsync(Token);
        await ImportAsync(to, ledger, carried, at);
        Assert.Equal(stored, await to.ReadCountsAsync(Token));
        for (var i = 0; i < 5; i++)
        {
            await StoreAnswers.AssertSameAsync(from, to, story, random, Token);
        }
    }

    private static async Task<long> ImportAsync(TelemetryIndex to, MessageLedger ledger, List<TelemetryMessage> messages, long at)
    {
        foreach (var chunk in messages.Chunk(50))
        {
            List<TelemetryMessage> placed = [.. chunk.Select((message, i) => (TelemetryMessage)(message with { Position = at + i }))];
            var fates = await ledger.JudgeAsync(placed, Token);
            List<TelemetryMessage> fresh = [.. placed.Zip(fates).Where(pair => pair.Second != MessageFate.Duplicate)
                .Select(pair => pair.Second == MessageFate.Conflict ? pair.First with { IsConflict = true } : pair.First)];
            at += placed.Count;
            await to.AppendAsync(new TelemetryBatch(fresh, at), Token);
            ledger.Commit(fresh);
        }
        return at;
    }

    private static List<TelemetryMessage> ByLines(List<TelemetryMessage> messages)
    {
        using var lines = new MessageLines();
        var text = new StringBuilder();
        messages.ForEach(message => text.Append(Encoding.UTF8.GetString(lines.Of(message).Span)));
        var reader = new LineMessages();
        return [.. text.ToString().Split('\n').Select(line => reader.Next(line)).OfType<TelemetryMessage>()];
    }

    private static List<TelemetryMessage> ByParquet(List<TelemetryMessage> messages, TempDirectory directory)
    {
        using var writer = new ParquetFiles(directory.Path);
        writer.Add(messages);
        using var reader = new ParquetMessages(directory.Path);
        return [.. writer.Finish().SelectMany(file => reader.Read(file.Path, file.Measurement)).Select(read => read.Message)];
    }

    private static DuckDbTelemetryStore Embedded(TempDirectory directory) => new(
        directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
}
