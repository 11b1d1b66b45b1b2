using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Protocol.V1;

namespace SmartCity.Dashboard;

/// <summary>Registers and maps the pages. They know the city only through its gRPC API.</summary>
public static class DashboardSetup
{
    /// <summary>Adds the pages and their clients of the API at <paramref name="grpcAddress"/>, e.g. http://127.0.0.1:5081.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Func<IServiceProvider, Uri> grpcAddress)
    {
        services.AddRazorComponents();
        services.AddSingleton(provider => GrpcChannel.ForAddress(grpcAddress(provider)));
        services.AddSingleton(provider => new ChargingService.ChargingServiceClient(provider.GetRequiredService<GrpcChannel>()));
        services.AddSingleton(provider => new FaultService.FaultServiceClient(provider.GetRequiredService<GrpcChannel>()));
        services.AddSingleton(provider => new SanitationService.SanitationServiceClient(provider.GetRequiredService<GrpcChannel>()));
        services.AddSingleton(provider => new OperationsService.OperationsServiceClient(provider.GetRequiredService<GrpcChannel>()));
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

    private static byte[] Style()
    {
        using var resource = typeof(DashboardSetup).Assembly.GetManifestResourceStream("smartcity.css")
            ?? throw new InvalidOperationException("smartcity.css is not in the assembly");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
