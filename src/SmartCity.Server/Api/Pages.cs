using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api;

/// <summary>Cuts answers into pages. A page token is signed and belongs to one query and one run of the server.</summary>
internal static class Pages
{
    /// <summary>The most rows a page may have.</summary>
    public const int SizeMax = 10_000;

    /// <summary>The rows of a page when the request does not say.</summary>
    public const int SizeDefault = 1_000;

    private const int CursorBytes = 16;
    private const int SignatureBytes = 16;

    // Not kept over a restart: what a token counts in is gone then, too.
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>One page of <paramref name="all"/>, and the token of the next one; empty after the last.</summary>
    /// <param name="fingerprint">What tells queries apart: <see cref="FingerprintOf"/>.</param>
    /// <param name="asOf">The evaluation instant of the first page: <see cref="AsOf"/> gives it to the next ones.</param>
    /// <exception cref="InvalidQueryException">The size or the token is not right.</exception>
    public static (IReadOnlyList<T> Page, string Next) Take<T>(
        IReadOnlyList<T> all, int pageSize, string pageToken, string fingerprint, Instant asOf = default,
        int sizeDefault = SizeDefault)
    {
        var size = SizeOf(pageSize, sizeDefault);
        var start = Open(pageToken, fingerprint)?.Position ?? 0;
        if (start >= all.Count)
        {
            return ([], "");
        }
        var first = (int)start;
        var page = all.Skip(first).Take(size).ToList();
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
        var token = new byte[CursorBytes + SignatureBytes];
        BinaryPrimitives.WriteInt64LittleEndian(token, position);
        BinaryPrimitives.WriteInt64LittleEndian(token.AsSpan(8), asOf.Milliseconds);
        Sign(token.AsSpan(0, CursorBytes), fingerprint).CopyTo(token.AsSpan(CursorBytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Where a page starts; null for an empty token, which is the first page.</summary>
    /// <exception cref="InvalidQueryException">The token was changed, or is of another query or run of the server.</exception>
    public static (long Position, Instant AsOf)? Open(string pageToken, string fingerprint)
    {
        if (string.IsNullOrEmpty(pageToken))
        {
            return null;
        }
        Span<byte> token = stackalloc byte[CursorBytes + SignatureBytes];
        if (pageToken.Length != Base64Url.GetEncodedLength(token.Length)
            || Base64Url.DecodeFromChars(pageToken, token, out _, out var bytes) != OperationStatus.Done || bytes != token.Length
            || !CryptographicOperations.FixedTimeEquals(token[CursorBytes..], Sign(token[..CursorBytes], fingerprint)))
        {
            throw new InvalidQueryException(
                "page_token",
                "does not belong to this query. Use next_page_token with the same request, or start again without a token "
                    + "(a restart of the server also ends old tokens).");
        }
        return (BinaryPrimitives.ReadInt64LittleEndian(token), new Instant(BinaryPrimitives.ReadInt64LittleEndian(token[8..])));
    }

    private static ReadOnlySpan<byte> Sign(ReadOnlySpan<byte> cursor, string fingerprint)
    {
        byte[] signed = [.. cursor, .. Encoding.UTF8.GetBytes(fingerprint)];
        return HMACSHA256.HashData(Key, signed).AsSpan(0, SignatureBytes);
    }
}
