using System.Collections.Concurrent;

namespace SmartCity.Server.Api.Moving;

/// <summary>Sees to it that there is one export, one import and one backup at a time.</summary>
internal sealed class MovingTurns
{
    private readonly ConcurrentDictionary<string, bool> busy = new(StringComparer.Ordinal);

    /// <summary>Takes the turn until the answer is disposed of.</summary>
    /// <exception cref="LimitReachedException">Somebody else has it.</exception>
    public IDisposable Take(string what) => busy.TryAdd(what, true)
        ? new Turn(busy, what)
        : throw new LimitReachedException($"Another {what} is under way. Wait until it has ended.");

    private sealed class Turn(ConcurrentDictionary<string, bool> busy, string what) : IDisposable
    {
        public void Dispose() => busy.TryRemove(what, out _);
    }
}
