namespace SmartCity.Server.Api.Charging;

/// <summary>Takes a stream that is ordered by device apart, device by device. Devices are asked for in ordinal order.</summary>
internal sealed class DeviceCursor<T>(IAsyncEnumerator<T> source, Func<T, string> deviceOf) : IAsyncDisposable
{
    private bool isStarted;
    private bool hasCurrent;

    /// <summary>Gives all that the stream has of one device.</summary>
    public async ValueTask TakeAsync(string device, Action<T> take)
    {
        if (!isStarted)
        {
            isStarted = true;
            hasCurrent = await source.MoveNextAsync();
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

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
