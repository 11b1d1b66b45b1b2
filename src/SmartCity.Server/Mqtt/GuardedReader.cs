using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SmartCity.Server.Mqtt;

/// <summary>A connection's input that shows every byte to <see cref="FrameScan"/> before the broker sees it.</summary>
internal sealed class GuardedReader(PipeReader inner, FrameScan scan, TimeProvider clock, Action<string> refuse) : PipeReader
{
    private ReadOnlySequence<byte> last;
    private long scanned; // Bytes of the unread input that were looked at already.
    private long waitingSince = -1;
    private long frameSince = -1;
    private long framesSeen;

    /// <summary>How long the broker has been waiting for a byte; zero while it is busy itself.</summary>
    public TimeSpan Waiting => Since(ref waitingSince);

    /// <summary>How long the frame that is coming in has been coming in, as long as the broker waits for it.</summary>
    public TimeSpan Frame => Volatile.Read(ref waitingSince) < 0 ? TimeSpan.Zero : Since(ref frameSince);

    // Pooled: each device waits in here for each of its messages.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref waitingSince, clock.GetTimestamp());
        try
        {
            return Look(await inner.ReadAsync(cancellationToken));
        }
        finally
        {
            Volatile.Write(ref waitingSince, -1);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
        {
            return false;
        }
        result = Look(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        scanned -= last.Slice(0, consumed).Length;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Look(ReadResult result)
    {
        last = result.Buffer;
        var fresh = last.Slice(scanned);
        if (fresh.Length > 0)
        {
            scanned = last.Length;
            if (scan.Advance(fresh) is { } problem)
            {
                refuse(problem);
                throw new InvalidDataException(problem);
            }
            FollowFrame();
        }
        return result;
    }

    private void FollowFrame()
    {
        if (!scan.InFrame)
        {
            Volatile.Write(ref frameSince, -1);
            framesSeen = scan.Frames;
        }
        else if (frameSince < 0 || framesSeen != scan.Frames) // A new frame has begun, whether or not one ended before it.
        {
            Volatile.Write(ref frameSince, clock.GetTimestamp());
            framesSeen = scan.Frames;
        }
    }

    private TimeSpan Since(ref long timestamp)
    {
        var from = Volatile.Read(ref timestamp);
        return from < 0 ? TimeSpan.Zero : clock.GetElapsedTime(from);
    }
}
