using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace SmartCity.Server.Ingest;

/// <summary>Decoded messages on their way to the store. When it is full it leaves messages out: the store writer sees the hole
/// and reads them from the journal.</summary>
internal sealed class DecodedBuffer(int capacity)
{
    // Of payloads; what is made of them takes about as much again.
    private const long BytesMax = 64L * 1024 * 1024;

    private readonly Channel<Decoded> messages = Channel.CreateBounded<Decoded>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });

    private long last = -1;
    private long bytes;

    /// <summary>The position of the latest message offered, taken or not.</summary>
    public long Last => Volatile.Read(ref last);

    /// <summary>Messages that wait.</summary>
    public int Count => messages.Reader.Count;

    /// <summary>Offers the next message; never waits.</summary>
    public void Offer(in Decoded decoded)
    {
        Volatile.Write(ref last, decoded.Position);
        var size = decoded.Source.Entry.Payload.Length;
        if (Interlocked.Read(ref bytes) + size > BytesMax)
        {
            return;
        }
        Interlocked.Add(ref bytes, size); // Before the other side can take it off again.
        if (!messages.Writer.TryWrite(decoded))
        {
            Interlocked.Add(ref bytes, -size);
        }
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
        return true;
    }
}
