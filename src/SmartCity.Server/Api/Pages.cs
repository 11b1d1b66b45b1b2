using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api;

/// <summary>Cuts answers into pages. A page token belongs to one query, and carries a checksum that says so: against mistakes,
/// not against people, since whoever may ask may ask for every page.</summary>
internal static class Pages
{
    /// <summary>The most rows a page may have.</summary>
    public const int SizeMax = 10_000;

    /// <summary>The rows of a page when the request does not say.</summary>
    public const int SizeDefault = 1_000;

    /// <summary>Where a page of rows that may be large ends at the latest: gRPC's clients take 4 MiB.</summary>
    public const int BytesMax = 3 << 20;

    private const int CursorBytes = 16;
    private const int ChecksumBytes = 16;

    /// <summary>One page of <paramref name="all"/>, and the token of the next one; empty after the last.</summary>
    /// <param name="fingerprint">What tells queries apart: <see cref="FingerprintOf"/>.</param>
    /// <param name="asOf">The evaluation instant of the first page: <see cref="AsOf"/> gives it to the next ones.</param>
    /// <param name="bytesOf">The size of rows that may be large: then a page also ends at <see cref="BytesMax"/>.</param>
    /// <exception cref="InvalidQueryException">The size or the token is not right.</exception>
    public static (IReadOnlyList<T> Page, string Next) Take<T>(
        IReadOnlyList<T> all, int pageSize, string pageToken, string fingerprint, Instant asOf = default,
        int sizeDefault = SizeDefault, Func<T, int>? bytesOf = null)
    {
        var size = SizeOf(pageSize, sizeDefault);
        var start = Open(pageToken, fingerprint)?.Position ?? 0;
        if (start >= all.Count)
        {
            return ([], "");
        }
        var first = (int)start;
        var page = all.Skip(first).Take(size).ToList();
        if (bytesOf is not null)
        {
            page = page[..CountWithin(page, bytesOf)];
        }
        var next = first + page.Count;
        return (page, next < all.Count ? Seal(next, asOf, fingerprint) : "");
    }

    /// <summary>The same with the fingerprint of a request, which is only computed when a token needs it.</summary>
    public static (IReadOnlyList<T> Page, string Next) Take<T>(
        IReadOnlyList<T> all, int pageSize, string pageToken, IMessage request, Instant asOf = default,
        int sizeDefault = SizeDefault) =>
        pageToken.Length == 0 && all.Count <= SizeOf(pageSize, sizeDefault)
            ? (all, "")
            : Take(all, pageSize, pageToken, FingerprintOf(request), asOf, sizeDefault);

    /// <summary>The number of rows a request asks for.</summary>
    public static int SizeOf(int pageSize, int sizeDefault = SizeDefault) => pageSize switch
    {
        0 => sizeDefault,
        < 0 or > SizeMax => throw new InvalidQueryException(
            "page_size", $"{pageSize} is not in 1..{SizeMax}; 0 or nothing means {sizeDefault}."),
        _ => pageSize,
    };

    /// <summary>The evaluation instant that the first page was answered for, else <paramref name="now"/>: so all pages of an
    /// answer are about the same instant.</summary>
    public static Instant AsOf(string pageToken, string fingerprint, Instant now) => Open(pageToken, fingerprint)?.AsOf ?? now;

    /// <summary>What tells a query from others: everything in the request but the paging.</summary>
    public static string FingerprintOf(IMessage request)
    {
        var fields = request.Descriptor;
        var query = fields.Parser.ParseFrom(request.ToByteString());
        fields.FindFieldByName("page_size")?.Accessor.Clear(query);
        fields.FindFieldByName("page_token")?.Accessor.Clear(query);
        return fields.FullName + Convert.ToHexString(SHA256.HashData(query.ToByteArray()));
    }

    /// <summary>The token of a page that starts at a position, which may be an offset or a key.</summary>
    public static string Seal(long position, Instant asOf, string fingerprint)
    {
        var token = new byte[CursorBytes + ChecksumBytes];
        BinaryPrimitives.WriteInt64LittleEndian(token, position);
        BinaryPrimitives.WriteInt64LittleEndian(token.AsSpan(8), asOf.Milliseconds);
        ChecksumOf(token.AsSpan(0, CursorBytes), fingerprint).CopyTo(token.AsSpan(CursorBytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Where a page starts; null for an empty token, which is the first page.</summary>
    /// <exception cref="InvalidQueryException">The token was changed, or is of another query.</exception>
    public static (long Position, Instant AsOf)? Open(string pageToken, string fingerprint)
    {
        if (string.IsNullOrEmpty(pageToken))
        {
            return null;
        }
        Span<byte> token = stackalloc byte[CursorBytes + ChecksumBytes];
        if (pageToken.Length != Base64Url.GetEncodedLength(token.Length)
            || Base64Url.DecodeFromChars(pageToken, token, out _, out var bytes) != OperationStatus.Done || bytes != token.Length
            || !token[CursorBytes..].SequenceEqual(ChecksumOf(token[..CursorBytes], fingerprint)))
        {
            throw new InvalidQueryException(
                "page_token",
                "does not belong to this query. Use next_page_token with the same request, or start again without a token.");
        }
        return (BinaryPrimitives.ReadInt64LittleEndian(token), new Instant(BinaryPrimitives.ReadInt64LittleEndian(token[8..])));
    }

    // At least one, however large.
    private static int CountWithin<T>(List<T> rows, Func<T, int> bytesOf)
    {
        var (count, bytes) = (0, 0L);
        while (count < rows.Count && (bytes += bytesOf(rows[count])) <= BytesMax)
        {
            count++;
        }
        return Math.Max(count, 1);
    }

    private static ReadOnlySpan<byte> ChecksumOf(ReadOnlySpan<byte> cursor, string fingerprint)
    {
        byte[] query = [.. cursor, .. Encoding.UTF8.GetBytes(fingerprint)];
        return SHA256.HashData(query).AsSpan(0, ChecksumBytes);
    }
}
