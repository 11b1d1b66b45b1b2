using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmartCity.Protocol.V1;

namespace SmartCity.Dashboard;

/// <summary>Registers and maps the pages. They know the city only through its gRPC API.</summary>
public static class DashboardSetup
{
    /// <summary>Adds the pages and their clients of the API at <paramref name="grpcAddress"/>, e.g. http://127.0.0.1:5081.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Func<IServiceProvider, Uri> grpcAddress)
    {
        services.AddRazorComponents();
        services.AddSingleton(provider => GrpcChannel.ForAddress(grpcAddress(provider), Patient()));
        services.TryAddSingleton(provider => new ChargingService.ChargingServiceClient(provider.GetRequiredService<GrpcChannel>()));
        services.TryAddSingleton(provider => new FaultService.FaultServiceClient(provider.GetRequiredService<GrpcChannel>()));
        services.TryAddSingleton(provider => new SanitationService.SanitationServiceClient(provider.GetRequiredService<GrpcChannel>()));
        services.TryAddSingleton(provider => new OperationsService.OperationsServiceClient(provider.GetRequiredService<GrpcChannel>()));
        return services;
    }

    /// <summary>Maps the pages, which are plain HTML without script, and tells the browser to load nothing from elsewhere.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        var style = Style();
        endpoints.MapGet("/smartcity.css", () => Results.Bytes(style, "text/css; charset=utf-8"));
        endpoints.MapRazorComponents<App>().DisableAntiforgery().Add(page =>
        {
            var render = page.RequestDelegate!;
            page.RequestDelegate = context =>
            {
                context.Response.Headers.ContentSecurityPolicy =
                    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'none'";
                return render(context);
            };
        });
    }

    // While the store is being reopened a question is refused for a moment.
    private static GrpcChannelOptions Patient() => new()
    {
        ServiceConfig = new ServiceConfig
        {
            MethodConfigs =
            {
                new MethodConfig
                {
                    Names = { MethodName.Default },
                    RetryPolicy = new RetryPolicy
                    {
                        MaxAttempts = 5, InitialBackoff = TimeSpan.FromSeconds(0.25), MaxBackoff = TimeSpan.FromSeconds(2),
                        BackoffMultiplier = 2, RetryableStatusCodes = { StatusCode.Unavailable },
                    },
                },
            },
        },
    };

    private static byte[] Style()
    {
        using var resource = typeof(DashboardSetup).Assembly.GetManifestResourceStream("smartcity.css")
            ?? throw new InvalidOperationException("smartcity.css is not in the assembly");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
