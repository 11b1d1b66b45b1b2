using Grpc.AspNetCore.Web;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Faults;
using SmartCity.Server.Api.Moving;
using SmartCity.Server.Api.Operations;
using SmartCity.Server.Api.Registry;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Api;

/// <summary>What all gRPC services share.</summary>
internal static class ApiSetup
{
    // Large enough for an import of every asset of a city; anything else is far below.
    private const int RequestBytesMax = 8 * 1024 * 1024;

    // 10,000 rows, the largest page, with room to spare.
    private const int ResponseBytesMax = 32 * 1024 * 1024;

    /// <summary>Adds gRPC with its errors, health and reflection.</summary>
    internal static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<GrpcErrors>();
        services.AddSingleton<Qualities>();
        services.AddSingleton<GapAnswers>();
        services.AddMoving();
        services.AddGrpc(options =>
        {
            options.Interceptors.Add<GrpcErrors>();
            options.MaxReceiveMessageSize = RequestBytesMax;
            options.MaxSendMessageSize = ResponseBytesMax;
            options.EnableDetailedErrors = false;
        });
        // Without any check the answer would be that nobody knows.
        services.AddGrpcHealthChecks().AddCheck("process", () => HealthCheckResult.Healthy("It answers."));
        services.AddGrpcReflection();
        return services;
    }

    /// <summary>Maps all services.</summary>
    internal static WebApplication MapApi(this WebApplication app)
    {
        app.MapShared();
        app.MapGrpcService<ChargingService>();
        app.MapGrpcService<CapacityService>();
        app.MapGrpcService<FaultService>();
        app.MapGrpcService<SanitationService>();
        app.MapGrpcService<RegistryService>();
        app.MapGrpcService<OperationsService>();
        app.MapMoving();
        return app;
    }

    /// <summary>Maps what belongs to no service: gRPC-Web on the same addresses, health, reflection.</summary>
    internal static WebApplication MapShared(this WebApplication app)
    {
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcHealthChecksService();
        // Reflection tells strangers what to try.
        if (app.Environment.IsDevelopment() || SettingsCheck.IsTrue(app.Configuration["Demo"]))
        {
            app.MapGrpcReflectionService();
        }
        return app;
    }
}
