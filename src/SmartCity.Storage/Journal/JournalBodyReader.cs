using System.Text;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Journal;

/// <summary>Reads the body of one group whose checksum was right.</summary>
internal ref struct JournalBodyReader(ReadOnlyMemory<byte> body)
{
    private readonly List<string> _texts = [];
    private int _at;
    private long _received;

    /// <summary>The entries, at their positions.</summary>
    /// <exception cref="InvalidDataException">The body is not one of ours, although its checksum is right.</exception>
    public List<JournalMessage> ReadAll(long position, int count)
    {
        if (ReadByte() is var version && version != JournalBodyWriter.Version)
        {
            throw new InvalidDataException(
                $"The journal has a group of format {version}; this version reads {JournalBodyWriter.Version}. Use the "
                    + $"version that wrote it.");
        }
        var messages = new List<JournalMessage>(Math.Min(count, body.Length));
        for (var i = 0; i < count; i++)
        {
            messages.Add(new JournalMessage(position + i, ReadEntry()));
        }
        return _at == body.Length
            ? messages : throw new InvalidDataException("A group of the journal has bytes after its last entry.");
    }

    private JournalEntry ReadEntry()
    {
        var flags = (EntryFlags)ReadByte();
        var topic = ReadText();
        var clientId = ReadText();
        _received += ReadSigned();
        var contentType = flags.HasFlag(EntryFlags.ContentType) ? ReadText() : null;
        var cut = flags.HasFlag(EntryFlags.Cut) ? (int)ReadNumber() : (int?)null;
        var replay = flags.HasFlag(EntryFlags.Replay)
            ? new Replay(ReadSigned(), new Instant(ReadSigned()), flags.HasFlag(EntryFlags.Record) ? (int)ReadSigned() : null)
            : null;
        var payload = ReadBytes();
        return new JournalEntry(topic, payload, cut ?? payload.Length, contentType, clientId, new Instant(_received), replay);
    }

    private string ReadText()
    {
        if (ReadNumber() is var number && number != 0)
        {
            return _texts[(int)number - 1];
        }
        var text = Encoding.UTF8.GetString(ReadBytes().Span);
        _texts.Add(text);
        return text;
    }

    private ReadOnlyMemory<byte> ReadBytes()
    {
        var length = (int)ReadNumber();
        var bytes = body.Slice(_at, length);
        _at += length;
        return bytes;
    }

    private byte ReadByte() => body.Span[_at++];

    private long ReadSigned()
    {
        var value = ReadNumber();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
