namespace SmartCity.Server.Ingest;

/// <summary>Either the store makes a checkpoint and the journal is cut, or a backup copies both: never at once.</summary>
internal sealed class CheckpointPause : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The right to make a checkpoint, until it is disposed of; null while there is a pause.</summary>
    public IDisposable? TryEnter() => turn.Wait(0) ? new Turn(turn) : null;

    /// <summary>Waits for the checkpoint under way; none begins until the answer is disposed of.</summary>
    public async Task<IDisposable> BeginAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        return new Turn(turn);
    }

    public void Dispose() => turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
