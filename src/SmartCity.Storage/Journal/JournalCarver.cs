using System.Buffers.Binary;

namespace SmartCity.Storage.Journal;

/// <summary>Finds groups in the pages of a damaged file and its log without following the tree that leads to them: every place
/// that looks like a group and whose checksum is right is one.</summary>
internal sealed class JournalCarver : IDisposable
{
    // How SQLite splits what is too large for a page: so much stays, the rest goes to pages of its own.
    private const int LocalMax = JournalWal.PageBytes - 35;
    private const int LocalMin = ((JournalWal.PageBytes - 12) * 32 / 255) - 23;
    private const int OverflowBytes = JournalWal.PageBytes - 4;

    // A group is closed at 1 MiB; the last message in it may be 64 KiB.
    private const int GroupBytesMax = 2 << 20;

    private readonly FileStream _main;
    private readonly JournalWal _wal;
    private readonly Dictionary<uint, int> _latest = [];
    private readonly Dictionary<uint, int> _first = [];

    public JournalCarver(string path)
    {
        _main = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _wal = JournalWal.Of(path);
        for (var frame = 0; frame < _wal.Count; frame++)
        {
            _latest[_wal.PageOf(frame)] = frame;
            _first.TryAdd(_wal.PageOf(frame), frame);
        }
    }

    /// <summary>All groups, in the order in which they are met; one may be met several times.</summary>
    public IEnumerable<JournalGroup> Groups()
    {
        var page = new byte[JournalWal.PageBytes];
        for (var number = 1L; ReadMain(number, page); number++)
        {
            foreach (var group in GroupsIn(page))
            {
                yield return group;
            }
        }
        for (var frame = 0; frame < _wal.Count; frame++)
        {
            _wal.Page(frame).CopyTo(page);
            foreach (var group in GroupsIn(page))
            {
                yield return group;
            }
        }
    }

    public void Dispose()
    {
        _wal.Dispose();
        _main.Dispose();
    }

    private List<JournalGroup> GroupsIn(byte[] page)
    {
        var groups = new List<JournalGroup>();
        for (var at = 0; at < page.Length - 8; at++)
        {
            if (CellAt(page.AsSpan(at), out var cell) is var local && local > 0 && GroupOf(cell, page.AsSpan(at + cell.Start), local)
                is { } group)
            {
                groups.Add(group);
            }
        }
        return groups;
    }

    // A cell: the payload's length, the position, and the payload, of which the first part is here.
    private static int CellAt(ReadOnlySpan<byte> bytes, out Cell cell)
    {
        var start = 0;
        cell = default;
        if (!TryNumber(bytes, ref start, out var length) || length is < 8 or > GroupBytesMax
            || !TryNumber(bytes, ref start, out var position) || position < 0)
        {
            return 0;
        }
        var rest = LocalMin + ((length - LocalMin) % OverflowBytes);
        var local = length <= LocalMax ? length : rest <= LocalMax ? rest : LocalMin;
        if (start + local + (local < length ? 4 : 0) > bytes.Length)
        {
            return 0;
        }
        cell = new Cell(start, (int)length, position);
        var fields = Fields.Of(bytes[start..]);
        return fields is { } found && found.BodyAt + found.BodyBytes == length ? (int)local : 0;
    }

    private JournalGroup? GroupOf(Cell cell, ReadOnlySpan<byte> rest, int here)
    {
        var local = rest[..here];
        var fields = Fields.Of(local)!.Value;
        if (here == cell.Length)
        {
            return Sound(cell, fields, local);
        }
        var overflow = BinaryPrimitives.ReadUInt32BigEndian(rest[here..]); // The next page.
        foreach (var source in (Dictionary<uint, int>?[])[_latest, null, _first])
        {
            var payload = new byte[cell.Length];
            local.CopyTo(payload);
            if (TryFollow(overflow, payload.AsSpan(local.Length), source) && Sound(cell, fields, payload) is { } group)
            {
                return group;
            }
        }
        return null;
    }

    private bool TryFollow(uint page, Span<byte> rest, Dictionary<uint, int>? source)
    {
        var bytes = new byte[JournalWal.PageBytes];
        while (rest.Length > 0)
        {
            if (source?.TryGetValue(page, out var frame) == true)
            {
                _wal.Page(frame).CopyTo(bytes);
            }
            else if (!ReadMain(page, bytes))
            {
                return false;
            }
            var part = Math.Min(rest.Length, OverflowBytes);
            bytes.AsSpan(4, part).CopyTo(rest);
            rest = rest[part..];
            page = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        return true;
    }

    private static JournalGroup? Sound(Cell cell, Fields fields, ReadOnlySpan<byte> payload)
    {
        var group = new JournalGroup(
            cell.Position, fields.Count, fields.Crc, payload.Slice(fields.BodyAt, fields.BodyBytes).ToArray());
        return group.IsSound ? group : null;
    }

    private bool ReadMain(long number, Span<byte> page)
    {
        var at = (number - 1) * JournalWal.PageBytes;
        return at >= 0 && RandomAccess.Read(_main.SafeFileHandle, page, at) == page.Length;
    }

    // SQLite's numbers of one to nine bytes, the highest part first.
    private static bool TryNumber(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        value = 0;
        for (var i = 0; i < 9 && at < bytes.Length; i++)
        {
            var next = bytes[at++];
            value = i < 8 ? (value << 7) | (uint)(next & 0x7F) : (value << 8) | next;
            if (next < 0x80 || i == 8)
            {
                return true;
            }
        }
        return false;
    }

    private readonly record struct Cell(int Start, int Length, long Position);

    /// <summary>The row in a payload: its head says how long each value is.</summary>
    private readonly record struct Fields(long Count, long Crc, int BodyAt, int BodyBytes)
    {
        // By the kind that stands in the head; two kinds have their value in themselves.
        private static readonly int[] Lengths = [-1, 1, 2, 3, 4, 6, 8, -1, 0, 0];

        public static Fields? Of(ReadOnlySpan<byte> payload)
        {
            var at = 0;
            return TryNumber(payload, ref at, out var head) && head is >= 5 and <= 12
                && TryNumber(payload, ref at, out var position) && position == 0 // The position is the row's number.
                && TryNumber(payload, ref at, out var count) && LengthOf(count) is >= 0 and var countBytes
                && TryNumber(payload, ref at, out var crc) && LengthOf(crc) is >= 0 and var crcBytes
                && TryNumber(payload, ref at, out var body) && body >= 12 && body % 2 == 0 && body <= 2 * GroupBytesMax
                && at == head && at + countBytes + crcBytes <= payload.Length
                ? new Fields(
                    ValueOf(count, payload.Slice(at, countBytes)), ValueOf(crc, payload.Slice(at + countBytes, crcBytes)),
                    at + countBytes + crcBytes, (int)(body - 12) / 2)
                : null;
        }

        private static int LengthOf(long kind) => kind is >= 0 and <= 9 ? Lengths[kind] : -1;

        private static long ValueOf(long kind, ReadOnlySpan<byte> bytes)
        {
            var value = kind >= 8 ? kind - 8 : (sbyte)bytes[0];
            foreach (var next in bytes.Length > 0 ? bytes[1..] : bytes)
            {
                value = (value << 8) | next;
            }
            return value;
        }
    }
}
