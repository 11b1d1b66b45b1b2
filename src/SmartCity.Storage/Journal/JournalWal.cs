using System.Buffers.Binary;
using System.Numerics;

namespace SmartCity.Storage.Journal;

/// <summary>The pages in a write-ahead log of SQLite, those included that SQLite does not look at any more: it stops for good, and
/// without a word, at the first one whose checksum is wrong.</summary>
internal sealed class JournalWal
{
    public const int PageBytes = 4_096;
    private const int HeaderBytes = 32;
    private const uint Magic = 0x377F0682;
    private const int FrameHeaderBytes = 24;
    private const int FrameBytes = FrameHeaderBytes + PageBytes;

    private readonly byte[] _bytes;

    private JournalWal(byte[] bytes) => _bytes = bytes;

    /// <summary>How many pages are in it.</summary>
    public int Count => Math.Max(0, (_bytes.Length - HeaderBytes) / FrameBytes);

    /// <summary>Reads the log beside a database; one that is not there has no pages.</summary>
    public static JournalWal Of(string path) => new(File.Exists(path + "-wal") ? File.ReadAllBytes(path + "-wal") : []);

    /// <summary>The number of the page that a frame holds.</summary>
    public uint PageOf(int frame) => BinaryPrimitives.ReadUInt32BigEndian(Header(frame));

    /// <summary>The page.</summary>
    public ReadOnlySpan<byte> Page(int frame) => _bytes.AsSpan(HeaderBytes + (frame * FrameBytes) + FrameHeaderBytes, PageBytes);

    /// <summary>Whether a commit of the newest generation comes after the place where SQLite stops reading. The torn end that a
    /// crash leaves has none: a commit is written when everything before it is on disk.</summary>
    public bool IsCutShort()
    {
        if (Count == 0)
        {
            return false;
        }
        var header = _bytes.AsSpan(0, HeaderBytes);
        var sum = Sum(default, header[..24]);
        var isCut = (BinaryPrimitives.ReadUInt32BigEndian(header) & ~1u) != Magic || sum != Stored(header[24..]);
        var salts = isCut ? SharedSalts() : BinaryPrimitives.ReadUInt64BigEndian(header[16..]);
        for (var frame = 0; frame < Count; frame++)
        {
            sum = Sum(Sum(sum, Header(frame)[..8]), Page(frame));
            isCut |= Salts(frame) != salts || sum != Stored(Header(frame)[16..]);
            // One bit of the salts may be what is wrong; those of an older generation differ in many.
            if (isCut && BitOperations.PopCount(Salts(frame) ^ salts) <= 1 && IsCommit(frame))
            {
                return true;
            }
        }
        return false;
    }

    // Where the header does not tell: frames of one generation stand together.
    private ulong SharedSalts() => Salts(Enumerable.Range(0, Count - 1).FirstOrDefault(i => Salts(i) == Salts(i + 1) && Salts(i) != 0));

    private bool IsCommit(int frame) => BinaryPrimitives.ReadUInt32BigEndian(Header(frame)[4..]) != 0;

    private ulong Salts(int frame) => BinaryPrimitives.ReadUInt64BigEndian(Header(frame)[8..]);

    private ReadOnlySpan<byte> Header(int frame) => _bytes.AsSpan(HeaderBytes + (frame * FrameBytes), FrameHeaderBytes);

    private static (uint, uint) Stored(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadUInt32BigEndian(at), BinaryPrimitives.ReadUInt32BigEndian(at[4..]));

    // The lowest bit of the log's first word says in which byte order the words are summed.
    private (uint, uint) Sum((uint, uint) before, ReadOnlySpan<byte> bytes)
    {
        var (first, second) = before;
        var isBig = (_bytes[3] & 1) != 0;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            first += Word(bytes, isBig) + second;
            second += Word(bytes[4..], isBig) + first;
        }
        return (first, second);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
