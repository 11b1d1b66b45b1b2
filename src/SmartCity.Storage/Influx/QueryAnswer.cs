using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>The rows of one answer, parsed while they arrive.</summary>
internal sealed class QueryAnswer : IAsyncDisposable
{
    private const int TokenBytesMax = 8 << 20;
    private const int ShownCharsMax = 200;

    private readonly InfluxHttp http;
    private readonly string database;
    private readonly IAnswerParser parser;
    private readonly CancellationTokenSource patience;
    private readonly CancellationToken cancellation;
    private HttpResponseMessage? response;
    private Stream? body;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
    private int start;
    private int end;
    private bool isEnd;
    private JsonReaderState state = new(new JsonReaderOptions { AllowMultipleValues = true });

    private QueryAnswer(InfluxHttp http, string database, IAnswerParser parser, CancellationToken cancellation)
    {
        (this.http, this.database, this.parser, this.cancellation) = (http, database, parser, cancellation);
        patience = new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, http.Clock);
    }

    /// <summary>Sends a query and reads what comes.</summary>
    public static async IAsyncEnumerable<InfluxSeries> ReadAsync(
        InfluxHttp http, string database, Func<CancellationToken, Task<HttpResponseMessage>> send, IAnswerParser parser,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var answer = new QueryAnswer(http, database, parser, cancellation);
        await answer.WhileAnsweringAsync(token => answer.OpenAsync(send, token));
        while (await answer.WhileAnsweringAsync(answer.NextAsync))
        {
            yield return parser.Series;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (body is not null)
        {
            await body.DisposeAsync();
        }
        response?.Dispose();
        patience.Dispose();
        parser.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    // Every wait for the server has the same patience; the reader of the rows may take his time in between.
    private async Task<bool> WhileAnsweringAsync(Func<CancellationToken, Task<bool>> work)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Unavailable(null, InfluxAdvice.OfTimeout(http.Options), e);
        }
        catch (Exception e) when (InfluxAdvice.IsSilence(e))
        {
            throw Unavailable(null, InfluxAdvice.OfSilence(e), e);
        }
        catch (InfluxAnswerException e)
        {
            throw Refusal(200, WriteAnswer.Detail(e.Message), e);
        }
        catch (JsonException e)
        {
            throw new StoreUnavailableException(
                $"What answers at {http.Address.Url} is no InfluxDB, or one that failed in the middle: {e.Message} It sent "
                + $"'{Shown()}'. Its log says why; if it is no InfluxDB, correct Store:InfluxDb:Url or Store:InfluxDb:Profile",
                e);
        }
        finally
        {
            patience.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<bool> OpenAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken token)
    {
        patience.CancelAfter(http.Timeout);
        response = await send(token);
        if ((int)response.StatusCode != 200)
        {
            var text = await InfluxHttp.ReadTextAsync(response, token);
            throw Refusal((int)response.StatusCode, WriteAnswer.Detail(text), null);
        }
        body = await response.Content.ReadAsStreamAsync(token);
        return true;
    }

    private async Task<bool> NextAsync(CancellationToken token)
    {
        while (!Parse())
        {
            if (isEnd)
            {
                return parser.End();
            }
            MakeRoom();
            patience.CancelAfter(http.Timeout);
            var read = await body!.ReadAsync(buffer.AsMemory(end), token);
            (end, isEnd) = (end + read, read == 0);
        }
        return true;
    }

    private bool Parse()
    {
        var json = new Utf8JsonReader(buffer.AsSpan(start, end - start), isEnd, state);
        var isPiece = parser.Read(ref json);
        start += (int)json.BytesConsumed;
        state = json.CurrentState;
        return isPiece;
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end < buffer.Length)
        {
            return;
        }
        if (buffer.Length >= TokenBytesMax)
        {
            throw new JsonException($"One value has more than {TokenBytesMax:N0} bytes.");
        }
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private string Shown()
    {
        var text = Encoding.UTF8.GetString(buffer, start, Math.Min(end - start, ShownCharsMax));
        return http.Address.Redact(WriteAnswer.Detail(text));
    }

    // In words that each version has for it.
    private Exception Refusal(int status, string detail, Exception? inner)
    {
        if (Says(detail, "file limit") || Says(detail, "max-select-point") || Says(detail, "max-select-buckets"))
        {
            return new InfluxSliceException(http.Address.Redact(detail));
        }
        var isMissing = Says(detail, "database not found") || Says(detail, "retention policy not found");
        return Unavailable(status is 200 && isMissing ? 404 : status, detail, inner);
    }

    private static bool Says(string detail, string words) => detail.Contains(words, StringComparison.OrdinalIgnoreCase);

    private StoreUnavailableException Unavailable(int? status, string detail, Exception? inner)
    {
        var @class = status is 404 or < 400 ? WriteClass.ConfigFault : WriteClass.Transient;
        return new StoreUnavailableException(
            status is 200 or 400 or 422
                ? $"InfluxDB at {http.Address.Url} did not answer a query: {http.Address.Redact(detail)}. Its log may say more"
                : InfluxAdvice.Of(http, database, new WriteOutcome(@class, status, detail)), inner);
    }
}
