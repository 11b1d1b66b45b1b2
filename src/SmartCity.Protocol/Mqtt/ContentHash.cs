using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using Google.Protobuf;

namespace SmartCity.Protocol.Mqtt;

/// <summary>
/// Tells whether two deliveries say the same. Hashes are of the content, so that JSON and Protobuf of the same records agree,
/// and stay the same between versions: they are stored.
/// </summary>
public static class ContentHash
{
    private const int StackMax = 512;

    /// <summary>64-bit hash of a record as Protobuf writes it.</summary>
    public static ulong RecordHash(IMessage record)
    {
        var size = record.CalculateSize();
        var rented = size > StackMax ? ArrayPool<byte>.Shared.Rent(size) : null;
        var bytes = rented is null ? stackalloc byte[StackMax] : rented;
        record.WriteTo(bytes[..size]);
        var hash = XxHash3.HashToUInt64(bytes[..size]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return hash;
    }

    /// <summary>
    /// 64-bit hash of a channel and its readable records with their places. What may differ between a message and its resend
    /// (<c>sentAt</c>, <c>buffered</c>) is left out.
    /// </summary>
    public static ulong MessageHash(UplinkChannel channel, IReadOnlyList<UplinkRecord> records)
    {
        Span<byte> step = stackalloc byte[20];
        var hash = (ulong)channel;
        foreach (var record in records)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(step, hash);
            BinaryPrimitives.WriteUInt64LittleEndian(step[8..], RecordHash(record.Content));
            BinaryPrimitives.WriteInt32LittleEndian(step[16..], record.Index);
            hash = XxHash3.HashToUInt64(step);
        }
        return hash;
    }
}
