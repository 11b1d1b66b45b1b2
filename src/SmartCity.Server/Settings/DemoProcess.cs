using System.Diagnostics;

namespace SmartCity.Server.Settings;

/// <summary>Runs the simulator beside the server for <c>--demo</c>. It ends with the server, also when that is killed: its
/// standard input closes then, and it watches that.</summary>
internal sealed partial class DemoProcess(
    Listeners listeners, IHostApplicationLifetime lifetime, ILogger<DemoProcess> logger) : IDisposable
{
    private const string Assembly = "SmartCity.Simulator.dll";
    private readonly Process process = new();
    private bool started;
    private volatile bool ending;

    /// <summary>Where the simulator is: beside the server's own output.</summary>
    public static string Location => Path.Combine(AppContext.BaseDirectory, "simulator", Assembly);

    /// <summary>Starts it. Call when the listeners are open.</summary>
    public void Start()
    {
        if (!File.Exists(Location))
        {
            Log.Missing(logger, Location);
            return;
        }
        var own = Environment.ProcessPath;
        process.StartInfo = new ProcessStartInfo(Path.GetFileNameWithoutExtension(own) == "dotnet" ? own! : "dotnet")
        {
            ArgumentList =
            {
                Location, "demo", "--mqtt", $"{listeners.Mqtt}", "--grpc", $"http://{listeners.Grpc}", "--until-stdin-closes",
            },
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => OnExited();
        started = process.Start();
        lifetime.ApplicationStopping.Register(End);
    }

    public void Dispose()
    {
        if (started && !process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }

    private void End()
    {
        ending = true;
        process.StandardInput.Close();
    }

    private void OnExited()
    {
        if (!ending)
        {
            Log.Ended(logger, process.ExitCode);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The simulator is not at {Location}: build the solution first")]
        public static partial void Missing(ILogger logger, string location);

        [LoggerMessage(LogLevel.Warning, "The simulator has ended with exit code {Code}")]
        public static partial void Ended(ILogger logger, int code);
    }
}
