namespace SmartCity.Server.Api.Charging;

/// <summary>Takes a stream that is ordered by device apart, device by device. Devices are asked for in ordinal order. Begins to
/// read at once, beside the other streams of a question.</summary>
internal sealed class DeviceCursor<T>(IAsyncEnumerator<T> source, Func<T, string> deviceOf) : IAsyncDisposable
{
    private readonly Task<bool> first = Task.Run(() => source.MoveNextAsync().AsTask());
    private bool isStarted;
    private bool hasCurrent;

    /// <summary>Gives all that the stream has of one device.</summary>
    public async ValueTask TakeAsync(string device, Action<T> take)
    {
        if (!isStarted)
        {
            isStarted = true;
            hasCurrent = await first;
        }
        while (hasCurrent)
        {
            var record = source.Current;
            var order = string.CompareOrdinal(deviceOf(record), device);
            if (order > 0)
            {
                return;
            }
            if (order == 0)
            {
                take(record);
            }
            hasCurrent = await source.MoveNextAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A stream that is being read cannot be disposed of; what its reader should know of a failure, TakeAsync said.
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await source.DisposeAsync();
    }
}
