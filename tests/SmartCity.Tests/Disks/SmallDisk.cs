using System.Diagnostics;

namespace SmartCity.Tests.Disks;

/// <summary>A disk in memory that a test can fill to the last byte. Needs the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    // Enough for a server, and soon used up.
    private const int Files = 200;

    private readonly string filler;

    private SmallDisk(string path) => (Path, filler) = (path, System.IO.Path.Combine(path, "filler"));

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>A new one; null where nothing may be mounted.</summary>
    public static SmallDisk? TryMount(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("smartcity-disk-").FullName;
        if (OperatingSystem.IsLinux() && TryRun("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,nr_inodes={Files}", "tmpfs", path))
        {
            return new SmallDisk(path);
        }
        Directory.Delete(path);
        return null;
    }

    /// <summary>Uses up all that is left, to the last byte and the last file, and keeps doing so until cancelled: others free a
    /// little now and then.</summary>
    public async Task KeepFullAsync(CancellationToken until)
    {
        Directory.CreateDirectory(filler);
        await using var file = new FileStream(
            System.IO.Path.Combine(filler, "bytes"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        while (!until.IsCancellationRequested)
        {
            FillUp(file);
            UseAllFiles();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => Directory.Delete(filler, recursive: true);

    public void Dispose()
    {
        Assert.True(TryRun("umount", Path) || TryRun("umount", "-l", Path), $"{Path} stays mounted");
        Directory.Delete(Path);
    }

    /// <summary>Runs a program and says whether it succeeded.</summary>
    public static bool TryRun(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // Not installed.
        }
    }

    private void UseAllFiles()
    {
        try
        {
            for (var i = 0; ; i++)
            {
                using var one = new FileStream(System.IO.Path.Combine(filler, $"{i}"), FileMode.OpenOrCreate);
            }
        }
        catch (IOException)
        {
            // No file is left.
        }
    }

    private static void FillUp(FileStream file)
    {
        for (var size = 1 << 20; size > 0; size /= 16)
        {
            try
            {
                var block = new byte[size];
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Full for blocks of this size.
            }
        }
    }
}
