using System.Buffers;
using System.Buffers.Binary;

namespace SmartCity.Server.Mqtt;

/// <summary>Follows the frames of one connection by their fixed headers alone, and says early what the broker behind would
/// first read into memory. Keeps no payload.</summary>
internal sealed class FrameScan
{
    /// <summary>The largest CONNECT: nobody has logged in yet.</summary>
    public const int ConnectBytesMax = 4 * 1024;

    /// <summary>The largest frame. Above the payload limit, so that a payload that is too large can still be acknowledged and
    /// set aside instead of being resent for ever.</summary>
    public const int FrameBytesMax = 256 * 1024;

    // CONNECT's body begins with protocol name (2 + 4 or 6), level (1), flags (1) and keep-alive (2).
    private const int ConnectStartBytes = 12;
    private const byte ConnectHeader = 0x10;

    private readonly byte[] connectStart = new byte[ConnectStartBytes];
    private Part part = Part.Type;
    private int length;
    private int lengthShift;
    private int bodyLeft;

    private enum Part : byte
    {
        Type,
        Length,
        Body,
    }

    /// <summary>CONNECT has come in whole.</summary>
    public bool Connected { get; private set; }

    /// <summary>Part of a frame has come in.</summary>
    public bool InFrame => part != Part.Type;

    /// <summary>Frames that have come in whole.</summary>
    public long Frames { get; private set; }

    /// <summary>What the device promised in CONNECT; zero: nothing.</summary>
    public TimeSpan KeepAlive { get; private set; }

    /// <summary>Looks at the next bytes; what is wrong when the connection has to end, else null.</summary>
    public string? Advance(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (Advance(segment.Span) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private string? Advance(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (part == Part.Body)
            {
                bytes = bytes[Body(bytes)..];
                continue;
            }
            var problem = part == Part.Type ? Type(bytes[0]) : Length(bytes[0]);
            if (problem is not null)
            {
                return problem;
            }
            bytes = bytes[1..];
        }
        return null;
    }

    private string? Type(byte header)
    {
        if (!Connected && header != ConnectHeader)
        {
            return "the first packet is not CONNECT";
        }
        (part, length, lengthShift) = (Part.Length, 0, 0);
        return null;
    }

    private string? Length(byte next)
    {
        length |= (next & 0x7F) << lengthShift;
        lengthShift += 7;
        if (length > (Connected ? FrameBytesMax : ConnectBytesMax))
        {
            return Connected ? "a packet is larger than 256 KiB" : "CONNECT is larger than 4 KiB";
        }
        if ((next & 0x80) != 0)
        {
            return lengthShift < 28 ? null : "a packet's length has more than 4 bytes";
        }
        (part, bodyLeft) = (Part.Body, length);
        if (bodyLeft == 0)
        {
            EndFrame();
        }
        return null;
    }

    private int Body(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, bodyLeft);
        var done = length - bodyLeft;
        if (!Connected && done < ConnectStartBytes)
        {
            bytes[..Math.Min(taken, ConnectStartBytes - done)].CopyTo(connectStart.AsSpan(done));
        }
        bodyLeft -= taken;
        if (bodyLeft == 0)
        {
            EndFrame();
        }
        return taken;
    }

    private void EndFrame()
    {
        part = Part.Type;
        Frames++;
        if (Connected)
        {
            return;
        }
        Connected = true;
        var at = 2 + BinaryPrimitives.ReadUInt16BigEndian(connectStart) + 2;
        if (at + 2 <= ConnectStartBytes)
        {
            KeepAlive = TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt16BigEndian(connectStart.AsSpan(at)));
        }
    }
}
