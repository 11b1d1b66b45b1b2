using System.Buffers;
using System.Text;

namespace SmartCity.Storage.Journal;

/// <summary>Writes the body of one group: a version byte, then entry after entry. Texts that repeat are written once.</summary>
internal sealed class JournalBodyWriter
{
    internal const byte Version = 1;

    private readonly ArrayBufferWriter<byte> _body = new(64 << 10);
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private long _received;

    /// <summary>Bytes so far.</summary>
    public int Length => _body.WrittenCount;

    /// <summary>The body; valid until the next <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    public void Clear()
    {
        _body.ResetWrittenCount();
        _texts.Clear();
        _received = 0;
    }

    public void Add(JournalEntry entry)
    {
        if (Length == 0)
        {
            _body.Write([Version]);
        }
        var flags = EntryFlags.None
            | (entry.ContentType is null ? 0 : EntryFlags.ContentType)
            | (entry.PayloadBytes == entry.Payload.Length ? 0 : EntryFlags.Cut)
            | (entry.Replay is null ? 0 : EntryFlags.Replay)
            | (entry.Replay?.RecordIndex is null ? 0 : EntryFlags.Record);
        _body.Write([(byte)flags]);
        WriteText(entry.Topic);
        WriteText(entry.ClientId);
        WriteSigned(entry.Received.Milliseconds - _received);
        _received = entry.Received.Milliseconds;
        if (entry.ContentType is { } contentType)
        {
            WriteText(contentType);
        }
        if (flags.HasFlag(EntryFlags.Cut))
        {
            WriteNumber((ulong)entry.PayloadBytes);
        }
        WriteReplay(entry.Replay);
        WriteNumber((ulong)entry.Payload.Length);
        _body.Write(entry.Payload.Span);
    }

    private void WriteReplay(Replay? replay)
    {
        if (replay is null)
        {
            return;
        }
        WriteSigned(replay.DeadLetterId);
        WriteSigned(replay.FirstReceived.Milliseconds);
        if (replay.RecordIndex is { } index)
        {
            WriteSigned(index);
        }
    }

    // 0 and the text when it is new in this group, else its number, from 1.
    private void WriteText(string text)
    {
        if (_texts.TryGetValue(text, out var number))
        {
            WriteNumber((ulong)number);
            return;
        }
        _texts.Add(text, _texts.Count + 1);
        WriteNumber(0);
        WriteNumber((ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _body);
    }

    private void WriteSigned(long value) => WriteNumber((ulong)((value << 1) ^ (value >> 63)));

    private void WriteNumber(ulong value)
    {
        var span = _body.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[length++] = (byte)value;
        _body.Advance(length);
    }
}

/// <summary>Which optional parts an entry has.</summary>
[Flags]
internal enum EntryFlags : byte
{
    None = 0,
    ContentType = 1,
    Cut = 2,
    Replay = 4,
    Record = 8,
}
