using System.Buffers.Binary;
using System.Numerics;

namespace SmartCity.Storage.Journal;

/// <summary>The checksum of a group: CRC32C over position, count and body.</summary>
internal static class JournalChecksum
{
    public static uint Of(long position, int count, ReadOnlySpan<byte> body)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)position);
        crc = BitOperations.Crc32C(crc, (uint)count);
        for (; body.Length >= sizeof(ulong); body = body[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(body));
        }
        foreach (var last in body)
        {
            crc = BitOperations.Crc32C(crc, last);
        }
        return ~crc;
    }
}
