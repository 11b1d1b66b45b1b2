using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.EndToEnd;

/// <summary>One of our own programs, started from its build output, or another one; ended by its own pid.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(20);
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private ChildProcess(Process process) => this.process = process;

    /// <summary>What it wrote, both streams, the latest 200 lines.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Whether it ended.</summary>
    public bool Ended => process.HasExited;

    /// <summary>Its pid.</summary>
    public int Id => process.Id;

    /// <summary>Its exit code, once it ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>The most memory it ever had, in MiB; 0 where the system does not tell.</summary>
    public long MemoryMiBMax
    {
        get
        {
            var status = $"/proc/{process.Id}/status";
            var lines = File.Exists(status) ? File.ReadAllLines(status) : [];
            var peak = Array.Find(lines, line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return peak is null ? 0 : long.Parse(peak["VmHWM:".Length..^" kB".Length], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Starts the program of a project, e.g. src/SmartCity.Server.</summary>
    public static ChildProcess Start(string project, params string[] arguments) => Start(Of(project, arguments));

    /// <summary>Starts it so that a write beyond the limit for files fails instead of ending it.</summary>
    public static ChildProcess StartDeafToFileLimit(string project, params string[] arguments)
    {
        var start = Of(project, arguments);
        return Start(new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; exec dotnet \"$@\"", "bash", .. start.ArgumentList])
        {
            WorkingDirectory = start.WorkingDirectory,
        });
    }

    /// <summary>How a program of ours is started.</summary>
    public static ProcessStartInfo Of(string project, params string[] arguments)
    {
        var name = project == "src/SmartCity.Cli" ? "smartcity" : Path.GetFileName(project);
        var program = Path.Combine(Repository.Root, project, "bin/Release/net10.0", name + ".dll");
        Assert.True(File.Exists(program), $"{program} is not built");
        return new ProcessStartInfo("dotnet", [program, .. arguments]) { WorkingDirectory = Path.GetTempPath() };
    }

    /// <summary>Starts any program.</summary>
    public static ChildProcess Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (true, true, true);
        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, e) => child.Keep(e.Data);
        child.process.ErrorDataReceived += (_, e) => child.Keep(e.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>kill -9, at once.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(EndMax);
    }

    /// <summary>Closes its input, which tells our programs to end, and waits for that.</summary>
    public async Task<int> CloseAsync(TimeSpan patience)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(patience);
        return process.ExitCode;
    }

    /// <summary>Waits until it has done what it was started for.</summary>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        await process.WaitForExitAsync().WaitAsync(patience);
        return process.ExitCode;
    }

    /// <summary>Tells it to read its files again, as mosquitto does.</summary>
    public async Task HangUpAsync()
    {
        using var kill = Process.Start("kill", ["-HUP", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Asks it to end as Ctrl-C does, and waits for that.</summary>
    public Task<int> InterruptAsync(TimeSpan patience) => SignalAsync("-INT", patience);

    /// <summary>Asks it to end as a supervisor of services does, and waits for that.</summary>
    public Task<int> TerminateAsync(TimeSpan patience) => SignalAsync("-TERM", patience);

    private async Task<int> SignalAsync(string signal, TimeSpan patience)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(patience);
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }
        lines.Enqueue(line);
        while (lines.Count > 200 && lines.TryDequeue(out _))
        {
        }
    }
}
