using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Connections to the one InfluxDB, with who we are on each request. Safe for many threads.</summary>
internal sealed class InfluxHttp : IDisposable
{
    /// <summary>Of an answer that is not a query's rows; the rest is not read.</summary>
    public const int AnswerBytesMax = 256 << 10;

    private readonly HttpClient client;
    private readonly string basePath;

    public InfluxHttp(InfluxOptions options, TimeProvider clock)
    {
        (Options, Clock, Address) = (options, clock, InfluxAddress.Parse(options));
        basePath = Address.Url.AbsolutePath.TrimEnd('/');
        client = new HttpClient(Handler(options, Address)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    public InfluxOptions Options { get; }

    public InfluxAddress Address { get; }

    public TimeProvider Clock { get; }

    /// <summary>How long to wait for the next piece of an answer.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(Options.TimeoutSeconds);

    /// <summary>Sends one request and waits for the head of the answer, as long as the token lets it.</summary>
    /// <exception cref="HttpRequestException">No answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, InfluxProfile profile, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address.Url, basePath + path));
        request.Content = content;
        request.Headers.Authorization = Address.Authorization(profile);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>The beginning of an answer as text.</summary>
    public static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[Math.Min(AnswerBytesMax, (response.Content.Headers.ContentLength ?? 4_096) + 1)];
        var length = 0;
        while (await body.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var read)
        {
            length += read;
            if (length == AnswerBytesMax)
            {
                break;
            }
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(AnswerBytesMax, buffer.Length * 2));
            }
        }
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>When the server wants us back, from now; null when it does not say.</summary>
    public TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - Clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is { } time ? (time > TimeSpan.Zero ? time : TimeSpan.Zero) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static SocketsHttpHandler Handler(InfluxOptions options, InfluxAddress address) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(3), // Sooner than the probe's patience, which tells a silent server.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = options.WritesMax + 16, // The rest is for readers.
        AllowAutoRedirect = false, // Whoever redirects would be given our credentials.
        UseCookies = false,
        UseProxy = !address.Url.IsLoopback,
        AutomaticDecompression = address.Url.IsLoopback ? DecompressionMethods.None : DecompressionMethods.GZip,
    };
}
