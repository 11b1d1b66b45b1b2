using Microsoft.Extensions.Options;
using SmartCity.Dashboard;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Registry;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Server.Ingest;
using SmartCity.Server.Live;
using SmartCity.Server.Mqtt;
using SmartCity.Server.Settings;
using SmartCity.Server.Stores;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server;

/// <summary>Builds the one process out of its parts, and runs it.</summary>
internal static class ServerHost
{
    private const int Failed = 1;
    private const int WrongSettings = 2;
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(4);

    /// <summary>Runs until told to stop; gives the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (settings, help, problems) = ServerArguments.Read(arguments);
        if (help)
        {
            await Console.Out.WriteLineAsync(SettingsCheck.Help);
            return 0;
        }
        var builder = CreateBuilder(settings);
        problems = [.. problems, .. SettingsCheck.Problems(builder.Configuration)];
        problems = problems.Count > 0 ? problems : [.. Listeners.Taken(builder.Configuration)];
        if (problems.Count > 0)
        {
            return await RefuseAsync(problems);
        }
        try
        {
            await using var app = Build(builder);
            app.Lifetime.ApplicationStopping.Register(() => Console.Out.WriteLine(Banner.Stopping));
            await app.StartAsync();
            await Console.Out.WriteLineAsync(app.Services.GetRequiredService<Banner>().Text());
            if (app.Services.GetRequiredService<ServerOptions>().Demo)
            {
                app.Services.GetRequiredService<DemoProcess>().Start();
            }
            await app.WaitForShutdownAsync();
            return HasFailed(app) ? Failed : 0;
        }
        catch (Exception e) when (e is JournalUnavailableException or StoreUnavailableException or OptionsValidationException
            or UnauthorizedAccessException or IOException)
        {
            return await RefuseAsync([e.Message]);
        }
    }

    /// <summary>A builder with the settings of files, secret files, environment and the given ones, in this order.</summary>
    internal static WebApplicationBuilder CreateBuilder(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings, ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddSecretFiles().AddDataDirectory();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        return builder;
    }

    /// <summary>The whole server, not started.</summary>
    internal static WebApplication Build(WebApplicationBuilder builder)
    {
        var listeners = new Listeners();
        Directory.CreateDirectory(builder.Configuration["DataDirectory"]!);
        builder.WebHost.ConfigureKestrel(kestrel => listeners.Configure(kestrel, builder.Configuration));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopMax);
        builder.Services
            .AddSettings(builder.Configuration)
            .AddSingleton(listeners)
            .AddSingleton<Banner>()
            .AddSingleton<DemoProcess>()
            .AddStorage(builder.Configuration)
            .AddRegistry(builder.Configuration)
            .AddLive()
            .AddIngest()
            .AddMqtt()
            .AddApi()
            .AddCharging(builder.Configuration)
            .AddSanitation(builder.Configuration)
            .AddDashboard(provider => new Uri($"http://{provider.GetRequiredService<Listeners>().Grpc}"));
        var app = builder.Build();
        app.MapApi();
        app.MapHealth();
        app.MapDashboard();
        return app;
    }

    // The host stops when a loop fails, logs why, and calls that a success.
    private static bool HasFailed(WebApplication app) => app.Services.GetServices<IHostedService>()
        .OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

    private static async Task<int> RefuseAsync(IReadOnlyList<string> problems)
    {
        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync(problem);
        }
        return WrongSettings;
    }
}
