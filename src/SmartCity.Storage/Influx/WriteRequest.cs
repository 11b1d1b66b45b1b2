using System.Net.Http.Headers;
using System.Security.Authentication;

namespace SmartCity.Storage.Influx;

/// <summary>One attempt to write, the same for both interfaces but for the path.</summary>
internal static class WriteRequest
{
    public static async ValueTask<WriteOutcome> SendAsync(
        InfluxHttp http, string path, InfluxProfile profile, ReadOnlyMemory<byte> lines, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        try
        {
            using var response = await http.SendAsync(HttpMethod.Post, path, content, profile, cancellation);
            var body = await InfluxHttp.ReadTextAsync(response, cancellation);
            return WriteAnswer.Classify((int)response.StatusCode, body, http.RetryAfter(response));
        }
        catch (Exception e) when (InfluxAdvice.IsSilence(e))
        {
            var isTls = e is HttpRequestException { InnerException: AuthenticationException };
            return new WriteOutcome(isTls ? WriteClass.ConfigFault : WriteClass.Transient, null, InfluxAdvice.OfSilence(e));
        }
    }
}
