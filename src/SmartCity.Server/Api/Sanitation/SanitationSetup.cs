using Microsoft.Extensions.Options;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Registers what answers questions about collection points.</summary>
internal static class SanitationSetup
{
    internal static IServiceCollection AddSanitation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SanitationOptions>().Bind(configuration.GetSection("sanitation")).ValidateDataAnnotations()
            .Validate(
                o => TimeZoneInfo.TryFindSystemTimeZoneById(o.TimeZone, out _),
                "sanitation:TimeZone is not a time zone known here. Give an IANA name, for example Asia/Shanghai.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SanitationOptions>>().Value);
        services.AddSingleton(provider => DecisionStore.Open(
            provider.GetRequiredService<RegistryStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KnownDecisions>();
        services.AddSingleton<SanitationLoader>();
        services.AddSingleton<DueFinder>();
        services.AddSingleton<HistoryReader>();
        services.AddSingleton<ExceptionEffects>();
        services.AddSingleton<ExceptionAnswers>();
        services.AddSingleton<ConfirmationAnswers>();
        services.AddSingleton<ConfirmationList>();
        services.AddSingleton<TruckQuality>();
        services.AddSingleton<SanitationRequests>();
        services.AddSingleton<RestatementReader>();
        services.AddSingleton<ComplianceAnswers>();
        services.AddSingleton<ObligationAnswers>();
        services.AddSingleton<ExplanationAnswers>();
        services.AddSingleton<VisitAnswers>();
        services.AddSingleton<AtRiskAnswers>();
        services.AddSingleton<ObligationLook>();
        services.AddSingleton<LiveObligations>();
        return services;
    }
}
