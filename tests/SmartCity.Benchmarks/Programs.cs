using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace SmartCity.Benchmarks;

/// <summary>Our own programs as processes of their own, as users run them.</summary>
internal static class Programs
{
    /// <summary>Where `dotnet publish` put the server that is measured; null: as it was built.</summary>
    public static string? Published { get; set; }

    /// <summary>Starts the server on these ports with this data directory and more settings.</summary>
    public static Process StartServer(string folder, int mqtt, int grpc, int web, string[] settings) => Start(
        Published ?? Built("src/SmartCity.Server"), "SmartCity.Server",
        [
            $"--DataDirectory={folder}", $"--Grpc:Listen=127.0.0.1:{grpc}", $"--Web:Listen=127.0.0.1:{web}", "--Telemetry:LateDays=400",
            .. settings.Length > 0 ? settings : [$"--Mqtt:Listen=127.0.0.1:{mqtt}"],
        ]);

    /// <summary>Starts the simulator.</summary>
    public static Process StartSimulator(params string[] arguments) =>
        Start(Built("simulators/SmartCity.Simulator"), "SmartCity.Simulator", arguments);

    /// <summary>Waits for a simulator that was started with --json and reads its last line.</summary>
    public static async Task<JsonElement> ResultAsync(Process simulator)
    {
        var output = await simulator.StandardOutput.ReadToEndAsync();
        await simulator.WaitForExitAsync();
        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(l => l.StartsWith('{'))
            ?? throw new InvalidOperationException($"The simulator ended with {simulator.ExitCode} and no result: {output}");
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>Waits for a simulator to have done what it was started for.</summary>
    public static async Task EndAsync(Process simulator)
    {
        var output = await simulator.StandardOutput.ReadToEndAsync();
        await simulator.WaitForExitAsync();
        if (simulator.ExitCode != 0)
        {
            throw new InvalidOperationException($"The simulator ended with {simulator.ExitCode}: {output}");
        }
    }

    /// <summary>Ends it as Ctrl-C does and waits.</summary>
    public static async Task StopAsync(Process process)
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }

    /// <summary>A port of 127.0.0.1 that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program of somebody else's; what it says is read and forgotten unless it is asked for.</summary>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static Process StartOther(string[] places, string[] arguments, string package)
    {
        var program = Array.Find(places, File.Exists)
            ?? throw new InvalidOperationException($"{places[0]} is not here: apt-get install {package}");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    /// <summary>Whether somebody listens on that port of 127.0.0.1.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, TimeSpan patience)
    {
        for (var since = Stopwatch.GetTimestamp(); !await isSo();)
        {
            if (Stopwatch.GetElapsedTime(since) > patience)
            {
                throw new InvalidOperationException($"waited {patience.TotalSeconds:N0} s in vain: {what}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static string Built(string project) => Path.Combine(Root(), project, "bin/Release/net10.0");

    private static Process Start(string folder, string name, params string[] arguments)
    {
        var program = Path.Combine(folder, name + ".dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = name == "SmartCity.Simulator",
            RedirectStandardInput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SmartCity.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("run it from a checkout");
    }
}
