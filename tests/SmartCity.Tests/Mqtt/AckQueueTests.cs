using CsCheck;
using SmartCity.Server.Mqtt;

namespace SmartCity.Tests.Mqtt;

public sealed class AckQueueTests
{
    [Fact]
    public Task Ten_thousand_schedules_acknowledge_in_order_only_what_is_durable_and_nothing_after_the_end() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int, Gen.Int[0, 30]).SampleAsync(
            async (messages, seed, endAfter) => await RunAsync(messages, new Random(seed), endAfter), iter: 10_000);

    [Fact]
    public async Task A_message_that_could_not_be_made_durable_ends_the_queue_unacknowledged()
    {
        var queue = new AckQueue(TimeProvider.System);
        var acknowledged = new List<int>();
        queue.Enter(Task.CompletedTask, Note(acknowledged, 0));
        queue.Enter(Task.FromException(new IOException("disk full")), Note(acknowledged, 1));
        queue.Enter(Task.CompletedTask, Note(acknowledged, 2));
        await Assert.ThrowsAsync<IOException>(() => queue.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal([0], acknowledged);
    }

    [Fact]
    public async Task An_acknowledgement_that_cannot_be_sent_ends_the_queue_after_30_seconds()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var queue = new AckQueue(clock);
        queue.Enter(Task.CompletedTask, cancellation => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation));
        var running = queue.RunAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<TimeoutException>(() => running);
    }

    private static async Task<bool> RunAsync(int messages, Random random, int endAfter)
    {
        var queue = new AckQueue(TimeProvider.System);
        var durable = Enumerable.Range(0, messages).Select(_ => new TaskCompletionSource()).ToArray();
        var acknowledged = new List<int>();
        var (wrong, ended) = (false, false);
        using var connection = new CancellationTokenSource();
        var running = queue.RunAsync(connection.Token);
        var toEnter = new Queue<int>(Enumerable.Range(0, messages));
        var toComplete = Enumerable.Range(0, messages).OrderBy(_ => random.Next()).ToList();
        for (var step = 0; step < endAfter && (toEnter.Count > 0 || toComplete.Count > 0); step++)
        {
            if (toEnter.Count > 0 && (toComplete.Count == 0 || random.Next(2) == 0))
            {
                var i = toEnter.Dequeue();
                queue.Enter(durable[i].Task, cancellation =>
                {
                    cancellation.ThrowIfCancellationRequested(); // As who sends it does.
                    wrong |= !durable[i].Task.IsCompletedSuccessfully || Volatile.Read(ref ended);
                    acknowledged.Add(i);
                    return Task.CompletedTask;
                });
            }
            else if (toComplete.Count > 0)
            {
                durable[toComplete[0]].SetResult();
                toComplete.RemoveAt(0);
            }
        }
        var complete = toEnter.Count == 0 && toComplete.Count == 0;
        while (complete && queue.Count > 0)
        {
            await Task.Yield();
        }
        await connection.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Volatile.Write(ref ended, true);
        durable.ToList().ForEach(d => d.TrySetResult());
        return !wrong && acknowledged.SequenceEqual(Enumerable.Range(0, acknowledged.Count))
            && (!complete || acknowledged.Count == messages);
    }

    private static Func<CancellationToken, Task> Note(List<int> acknowledged, int message) => _ =>
    {
        acknowledged.Add(message);
        return Task.CompletedTask;
    };
}
