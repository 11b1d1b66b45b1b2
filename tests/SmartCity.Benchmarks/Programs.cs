using System.Diagnostics;
using System.Text.Json;

namespace SmartCity.Benchmarks;

/// <summary>Our own programs as processes of their own, as users run them.</summary>
internal static class Programs
{
    /// <summary>Starts the server on these ports with an empty data directory.</summary>
    public static Process StartServer(string folder, int mqtt, int grpc, int web) => Start(
        "src/SmartCity.Server", "SmartCity.Server", $"--DataDirectory={folder}", $"--Mqtt:Listen=127.0.0.1:{mqtt}",
        $"--Grpc:Listen=127.0.0.1:{grpc}", $"--Web:Listen=127.0.0.1:{web}", "--Telemetry:LateDays=400");

    /// <summary>Starts the simulator.</summary>
    public static Process StartSimulator(params string[] arguments) =>
        Start("simulators/SmartCity.Simulator", "SmartCity.Simulator", arguments);

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

    private static Process Start(string project, string name, params string[] arguments)
    {
        var program = Path.Combine(Root(), project, "bin/Release/net10.0", name + ".dll");
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
