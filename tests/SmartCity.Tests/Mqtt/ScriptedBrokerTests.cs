using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Server.Ingest;
using SmartCity.Server.Mqtt;
using SmartCity.Server.Settings;
using SmartCity.Storage.Journal;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>Acknowledgements to a broker that cuts connections when it hurts most. SMARTCITY_SCHEDULES=10000 is the long form;
/// SMARTCITY_SEED repeats a run.</summary>
public sealed class ScriptedBrokerTests : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly ScriptedBroker broker = new();
    private readonly JournalLog journal;
    private readonly ITestOutputHelper output;

    public ScriptedBrokerTests(ITestOutputHelper output)
    {
        this.output = output;
        journal = JournalLog.Open(folder.Path, new JournalOptions(), NullLogger<JournalLog>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        broker.Dispose();
        await journal.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_becomes_durable_after_its_connection_ended_is_not_acknowledged_on_the_next_one()
    {
        using var told = new ManualResetEventSlim();
        journal.Committed += _ => told.Wait(Token); // Before whoever waits for it hears of the commit.
        await using (var first = Link())
        {
            using var connection = await ConnectAsync(first);
            for (ushort id = 1; id <= 5; id++)
            {
                await connection.PublishAsync(id, Bridge.Meter, $"first {id}");
            }
            await TestServer.EventuallyAsync(() => Task.FromResult(first.Waiting == 5), "five messages wait for the journal");
            connection.Cut();
            await EndedAsync(first.RunAsync(Token));
        }
        await using var second = Link();
        using var next = await ConnectAsync(second);
        var running = second.RunAsync(Token);
        told.Set();
        await TestServer.EventuallyAsync(() => Task.FromResult(journal.Head == 5), "the five messages are durable");
        // The same packet id 3 is another message now. Whatever else was acknowledged would have been so before it.
        await next.PublishAsync(3, Bridge.Meter, "second 3");
        Assert.Equal(3, await next.Acks.ReadAsync(Token));
        Assert.Equal(6, journal.Head);
        next.Cut();
        await EndedAsync(running);
        await next.Reading;
        Assert.False(next.Acks.TryRead(out _));
    }

    [Fact]
    public async Task Random_schedules_acknowledge_in_order_on_their_own_connection_only_what_is_durable()
    {
        var schedules = Account.Setting("SMARTCITY_SCHEDULES", 150);
        var seed = Account.Setting("SMARTCITY_SEED", Environment.TickCount);
        var random = new Random(seed);
        var book = new DurableBook(journal);
        Queue<string> unacknowledged = [];
        var (sent, acknowledged, again) = (0, 0, 0);
        for (var schedule = 0; schedule < schedules; schedule++)
        {
            await using var link = Link();
            using var connection = await ConnectAsync(link);
            var running = link.RunAsync(Token);
            again += unacknowledged.Count;
            // What was not acknowledged comes again; the packet ids are as few as may be, so that they always mean others.
            string[] old = [.. unacknowledged];
            string[] all = [.. old, .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"message {sent++}")];
            unacknowledged = new(all);
            for (var i = 0; i < all.Length; i++)
            {
                await connection.PublishAsync((ushort)(i + 1), Bridge.Meter, all[i], again: i < old.Length);
            }
            var wanted = schedule == schedules - 1 ? all.Length : random.Next(0, all.Length + 1);
            for (var i = 0; i < wanted; i++)
            {
                Assert.Equal(i + 1, await connection.Acks.ReadAsync(Token));
                Assert.True(await book.HasAsync(unacknowledged.Dequeue()), $"acknowledged, not durable; seed {seed}");
            }
            connection.Cut();
            await connection.Reading;
            // Those that the client sent before it noticed.
            for (var i = wanted; connection.Acks.TryRead(out var id); i++)
            {
                Assert.Equal(i + 1, id);
                Assert.True(await book.HasAsync(unacknowledged.Dequeue()), $"acknowledged, not durable; seed {seed}");
            }
            acknowledged += all.Length - unacknowledged.Count;
            await EndedAsync(running);
        }
        output.WriteLine($"seed {seed}, connections {schedules}, sent {sent}, sent again {again}, acked {acknowledged}, "
            + $"in the journal {book.Count}, lost 0");
        Assert.Empty(unacknowledged);
        Assert.Equal(sent, book.Count);
    }

    // The connection ended, perhaps while something was sent.
    [Fact]
    public async Task A_broker_that_went_silent_is_noticed_by_a_clock_that_nobody_can_set_back()
    {
        var clock = new FakeTimeProvider();
        await using var link = Link(clock);
        using var connection = await ConnectAsync(link);
        var running = link.RunAsync(Token);
        for (var pings = 1; pings <= 3; pings++)
        {
            clock.Advance(BrokerSession.PingEvery);
            await TestServer.EventuallyAsync(() => Task.FromResult(connection.Pings == pings), "it is asked for a sign of life");
            // When it has this it has the answer, too, which came before.
            await connection.PublishAsync((ushort)pings, Bridge.Meter, $"after {pings}");
            Assert.Equal(pings, await connection.Acks.ReadAsync(Token));
        }
        Assert.False(running.IsCompleted);
        connection.IsMute = true;
        clock.Advance(BrokerSession.PingEvery);
        await TestServer.EventuallyAsync(() => Task.FromResult(connection.Pings == 4), "it is asked again");
        clock.Advance(BrokerSession.AnswerMax);
        await Assert.ThrowsAsync<TimeoutException>(() => running.WaitAsync(TimeSpan.FromSeconds(10), Token));
    }

    private static async Task EndedAsync(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception e)
        {
            Assert.True(BrokerProblems.IsOfTheWorld(e), e.ToString());
        }
    }

    private BrokerLink Link(TimeProvider? clock = null)
    {
        var problems = new ProblemLog(TimeProvider.System, NullLogger<ProblemLog>.Instance);
        var subscriptions = new BrokerSubscriptions(new ServerOptions(folder.Path, Demo: false, AllowInsecure: false));
        return new BrokerLink(new Intake(journal, Passed(), TimeProvider.System), subscriptions, problems, clock ?? TimeProvider.System);
    }

    private async Task<ScriptedConnection> ConnectAsync(BrokerLink link)
    {
        var accepting = broker.AcceptAsync(Token);
        await link.ConnectAsync(new BrokerAddress("127.0.0.1", broker.Port, false, null, null), new MqttOptions(), Token);
        return await accepting;
    }

    // What of the messages is on disk, each counted once.
    private sealed class DurableBook(JournalLog journal)
    {
        private readonly HashSet<string> durable = [];
        private long next;

        public int Count => durable.Count;

        public async Task<bool> HasAsync(string payload)
        {
            await foreach (var message in journal.ReadAsync(next, Token))
            {
                durable.Add(System.Text.Encoding.UTF8.GetString(message.Entry.Payload.Span));
                next = message.Position + 1;
            }
            return durable.Contains(payload);
        }
    }

    private static IngestProgress Passed()
    {
        var progress = new IngestProgress(TimeProvider.System);
        progress.Pass();
        return progress;
    }
}
