using Grpc.AspNetCore.Web;

namespace SmartCity.Server.Api;

/// <summary>What all gRPC services share.</summary>
internal static class ApiSetup
{
    // Large enough for an import of every asset of a city; anything else is far below.
    private const int RequestBytesMax = 8 * 1024 * 1024;

    // 10,000 rows, the largest page, with room to spare.
    private const int ResponseBytesMax = 32 * 1024 * 1024;

    /// <summary>Adds gRPC with its errors, health and reflection.</summary>
    internal static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<GrpcErrors>();
        services.AddSingleton<Qualities>();
        services.AddGrpc(options =>
        {
            options.Interceptors.Add<GrpcErrors>();
            options.MaxReceiveMessageSize = RequestBytesMax;
            options.MaxSendMessageSize = ResponseBytesMax;
            options.EnableDetailedErrors = false;
        });
        services.AddGrpcHealthChecks();
        services.AddGrpcReflection();
        return services;
    }

    /// <summary>Maps the services. gRPC-Web works on the same addresses.</summary>
    internal static WebApplication MapApi(this WebApplication app)
    {
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcHealthChecksService();
        // Reflection tells strangers what to try.
        if (app.Environment.IsDevelopment() || app.Configuration.GetValue<bool>("demo"))
        {
            app.MapGrpcReflectionService();
        }
        return app;
    }
}
