using Microsoft.Extensions.Options;
using SmartCity.Domain.Charging;
using SmartCity.Server.Api.Faults;
using SmartCity.Server.Api.Rollups;
using SmartCity.Server.Settings;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>Registers what answers questions about charging and faults.</summary>
internal static class ChargingSetup
{
    internal static IServiceCollection AddCharging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ChargingOptions>().Bind(configuration.GetSection("charging"))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider
            .GetRequiredService<IOptions<ChargingOptions>>().Value.ToRules());
        services.AddSingleton(provider => new HistoryLoader(
            provider.GetRequiredService<ITelemetryStore>(),
            TimeSpan.FromDays(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value.LateDays)));
        services.AddSingleton<UsageReader>();
        services.AddSingleton<UsageDays>();
        services.AddSingleton<UsageSummer>();
        services.AddSingleton<UsageDigester>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageDigester>());
        services.AddHostedService<WarmUp>();
        services.AddSingleton<RollupWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<RollupWriter>());
        services.AddSingleton<Requests>();
        services.AddSingleton<UtilizationAnswers>();
        services.AddSingleton<SessionAnswers>();
        services.AddSingleton<TimelineAnswers>();
        services.AddSingleton<OverstayAnswers>();
        services.AddSingleton<CapacityAnswers>();
        services.AddSingleton<FaultListAnswers>();
        services.AddSingleton<FaultStatisticsAnswers>();
        services.AddRepairs();
        return services;
    }
}
