using System.Buffers.Binary;
using System.Numerics;

namespace SmartCity.Storage.Journal;

/// <summary>The pages in a write-ahead log of SQLite, those included that SQLite does not look at any more: it stops for good, and
/// without a word, at the first one whose checksum is wrong. Read page by page: while somebody reads the journal, its log may grow to
/// any size.</summary>
internal sealed class JournalWal : IDisposable
{
    public const int PageBytes = 4_096;
    private const int HeaderBytes = 32;
    private const uint Magic = 0x377F0682;
    private const int FrameHeaderBytes = 24;
    private const int FrameBytes = FrameHeaderBytes + PageBytes;

    private readonly FileStream? _file;
    private readonly byte[] _header = new byte[HeaderBytes];
    private readonly byte[] _frame = new byte[FrameBytes];
    private int _loaded = -1;

    private JournalWal(FileStream? file)
    {
        _file = file;
        Count = (int)Math.Max(0, ((file?.Length ?? 0) - HeaderBytes) / FrameBytes);
        if (Count > 0)
        {
            file!.ReadExactly(_header);
        }
    }

    /// <summary>How many pages are in it.</summary>
    public int Count { get; }

    /// <summary>The log beside a database; one that is not there has no pages.</summary>
    public static JournalWal Of(string path) => new(File.Exists(path + "-wal")
        ? new FileStream(path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
        : null);

    /// <summary>The number of the page that a frame holds.</summary>
    public uint PageOf(int frame) => BinaryPrimitives.ReadUInt32BigEndian(Header(frame));

    /// <summary>The page; valid until another frame is asked for.</summary>
    public ReadOnlySpan<byte> Page(int frame) => Frame(frame)[FrameHeaderBytes..];

    public void Dispose() => _file?.Dispose();

    /// <summary>Whether a commit of the newest generation comes after the place where SQLite stops reading. The torn end that a
    /// crash leaves has none: a commit is written when everything before it is on disk.</summary>
    public bool IsCutShort()
    {
        if (Count == 0)
        {
            return false;
        }
        ReadOnlySpan<byte> header = _header;
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

    private ReadOnlySpan<byte> Header(int frame) => Frame(frame)[..FrameHeaderBytes];

    private ReadOnlySpan<byte> Frame(int frame)
    {
        if (_loaded != frame)
        {
            _file!.Position = HeaderBytes + ((long)frame * FrameBytes);
            _file.ReadExactly(_frame);
            _loaded = frame;
        }
        return _frame;
    }

    private static (uint, uint) Stored(ReadOnlySpan<byte> at) =>
        (BinaryPrimitives.ReadUInt32BigEndian(at), BinaryPrimitives.ReadUInt32BigEndian(at[4..]));

    // The lowest bit of the log's first word says in which byte order the words are summed.
    private (uint, uint) Sum((uint, uint) before, ReadOnlySpan<byte> bytes)
    {
        var (first, second) = before;
        var isBig = (_header[3] & 1) != 0;
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
