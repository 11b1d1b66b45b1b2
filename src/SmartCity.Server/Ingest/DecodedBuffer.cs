using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using SmartCity.Domain.Telemetry;
using Channel = System.Threading.Channels.Channel;

namespace SmartCity.Server.Ingest;

/// <summary>Decoded messages on their way to the store. When it is full it waits a little for a store that follows closely, because
/// a message that is left out is read and decoded twice; else it leaves messages out, and the store writer sees the hole and reads
/// them from the journal.</summary>
internal sealed class DecodedBuffer(int capacity, TimeProvider clock)
{
    /// <summary>A store that makes no room for so long is not waited for: longer than it takes to make things durable.</summary>
    public static readonly TimeSpan StallMax = TimeSpan.FromSeconds(2);

    /// <summary>So late the live state may become by waiting; then it goes on without the store until it is up to date
    /// again.</summary>
    public static readonly TimeSpan LateMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan UpToDate = TimeSpan.FromSeconds(1);

    // Of payloads; what is made of them takes about as much again.
    private const long BytesMax = 64L * 1024 * 1024;

    private readonly Channel<Decoded> messages = Channel.CreateBounded<Decoded>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });

    private TaskCompletionSource? room;
    private TimeSpan patience = LateMax;
    private long last = -1;
    private long taken = -1;
    private long hole = -2;
    private long bytes;

    /// <summary>The position of the latest message that was put in or left out.</summary>
    public long Last => Volatile.Read(ref last);

    /// <summary>Messages that wait.</summary>
    public int Count => messages.Reader.Count;

    private bool IsHalfEmpty => Count <= capacity / 2 && Interlocked.Read(ref bytes) <= BytesMax / 2;

    /// <summary>Puts in the next message, or leaves it out.</summary>
    public async ValueTask OfferAsync(Decoded decoded, CancellationToken cancellation)
    {
        if (patience < LateMax && Instant.From(clock.GetUtcNow()) - decoded.Source.Entry.Received < UpToDate)
        {
            patience = LateMax;
        }
        while (!TryPut(decoded))
        {
            if (!await IsWorthWaitingAsync(cancellation))
            {
                hole = decoded.Position;
                break;
            }
        }
        Volatile.Write(ref last, decoded.Position);
    }

    /// <summary>There will be no more.</summary>
    public void Complete() => messages.Writer.TryComplete();

    /// <summary>Waits for a message; false when there will be none.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => messages.Reader.WaitToReadAsync(cancellation);

    public bool TryPeek([MaybeNullWhen(false)] out Decoded decoded) => messages.Reader.TryPeek(out decoded);

    public bool TryTake([MaybeNullWhen(false)] out Decoded decoded)
    {
        if (!messages.Reader.TryRead(out decoded))
        {
            return false;
        }
        Interlocked.Add(ref bytes, -decoded.Source.Entry.Payload.Length);
        Volatile.Write(ref taken, decoded.Position);
        if (Volatile.Read(ref room) is { } waiting && IsHalfEmpty)
        {
            waiting.TrySetResult();
        }
        return true;
    }

    private bool TryPut(in Decoded decoded)
    {
        var size = decoded.Source.Entry.Payload.Length;
        if (Interlocked.Read(ref bytes) + size > BytesMax)
        {
            return false;
        }
        Interlocked.Add(ref bytes, size); // Before the other side can take it off again.
        if (messages.Writer.TryWrite(decoded))
        {
            return true;
        }
        Interlocked.Add(ref bytes, -size);
        return false;
    }

    private async ValueTask<bool> IsWorthWaitingAsync(CancellationToken cancellation)
    {
        if (patience <= TimeSpan.Zero || Volatile.Read(ref taken) <= hole)
        {
            return false; // The store still reads from the journal what was left out before.
        }
        var (since, signal) = (clock.GetTimestamp(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Exchange(ref room, signal);
        try
        {
            if (!IsHalfEmpty)
            {
                await signal.Task.WaitAsync(StallMax, clock, cancellation);
            }
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            Volatile.Write(ref room, null);
            patience -= clock.GetElapsedTime(since);
        }
    }
}
