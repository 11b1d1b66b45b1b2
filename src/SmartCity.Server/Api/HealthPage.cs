using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SmartCity.Server.Api;

/// <summary><c>/healthz</c>: one word, and a line for each part that is not well.</summary>
internal static class HealthPage
{
    internal static void MapHealth(this WebApplication app) =>
        app.MapHealthChecks("/healthz", new HealthCheckOptions { ResponseWriter = WriteAsync });

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(string.Join('\n',
        [
            report.Status.ToString(),
            .. from part in report.Entries
               where part.Value.Status != HealthStatus.Healthy
               select $"{part.Key}: {part.Value.Description}",
        ]));
    }
}
