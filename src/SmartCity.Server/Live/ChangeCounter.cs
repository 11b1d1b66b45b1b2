namespace SmartCity.Server.Live;

/// <summary>Numbers the changes of the live state, and wakes those who wait for the next one.</summary>
internal sealed class ChangeCounter
{
    private readonly Lock gate = new();
    private long current;
    private long announced;
    private TaskCompletionSource wake = NewWake();

    /// <summary>The number of the latest change. Reading the state of a device after this shows every change up to it.</summary>
    public long Current => Interlocked.Read(ref current);

    /// <summary>Counts a change. To be called under the lock of the device that changes.</summary>
    public long Next() => Interlocked.Increment(ref current);

    /// <summary>Wakes the waiting if anything changed since the last time.</summary>
    public void Announce()
    {
        TaskCompletionSource? waiting = null;
        lock (gate)
        {
            var now = Current;
            if (now != announced)
            {
                announced = now;
                waiting = wake;
                wake = NewWake();
            }
        }
        waiting?.SetResult();
    }

    /// <summary>Completes when a change after number <paramref name="seen"/> was announced.</summary>
    public async Task WaitBeyondAsync(long seen, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (announced > seen)
                {
                    return;
                }
                next = wake.Task;
            }
            await next.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
