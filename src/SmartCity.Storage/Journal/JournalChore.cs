namespace SmartCity.Storage.Journal;

/// <summary>Work for the journal's thread beside appending.</summary>
/// <param name="Step">Does a part that takes milliseconds; true when all is done.</param>
internal sealed record JournalChore(Func<JournalFile, bool> Step, CancellationToken Cancellation)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
