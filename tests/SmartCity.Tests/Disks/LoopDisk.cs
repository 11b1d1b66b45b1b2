namespace SmartCity.Tests.Disks;

/// <summary>A file system in a file: what was not synced is only in the kernel's memory, so that a copy of the file is what a
/// power cut leaves. Needs the right to mount.</summary>
internal sealed class LoopDisk : IDisposable
{
    private const int Attempts = 20;
    private readonly string image;

    private LoopDisk(string image, string path) => (this.image, Path) = (image, path);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>A new one; null where nothing may be mounted.</summary>
    public static LoopDisk? TryMake(int megabytes)
    {
        var image = System.IO.Path.Combine(
            Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), "smartcity-" + System.IO.Path.GetRandomFileName());
        using (var file = File.Create(image))
        {
            file.SetLength((long)megabytes << 20);
        }
        return OperatingSystem.IsLinux()
            && SmallDisk.TryRun("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
            ? TryMount(image) : Forget(image);
    }

    /// <summary>The disk as a power cut at this moment leaves it. Nobody may write meanwhile; the kernel may, and then the copy is
    /// made again: half of what it wrote would be a disk that never was.</summary>
    public LoopDisk CopyAsAfterPowerCut()
    {
        var copy = image + "-" + System.IO.Path.GetRandomFileName();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (SmallDisk.TryRun("cp", "--sparse=always", image, copy) && SmallDisk.TryRun("cmp", "-s", image, copy))
            {
                return TryMount(copy) ?? throw new InvalidOperationException("The copy cannot be mounted: its file system is broken.");
            }
        }
        File.Delete(copy);
        throw new InvalidOperationException("The disk did not hold still.");
    }

    public void Dispose()
    {
        Assert.True(SmallDisk.TryRun("umount", Path) || SmallDisk.TryRun("umount", "-l", Path), $"{Path} stays mounted");
        Directory.Delete(Path);
        File.Delete(image);
    }

    private static LoopDisk? TryMount(string image)
    {
        var path = Directory.CreateTempSubdirectory("smartcity-loop-").FullName;
        if (SmallDisk.TryRun("mount", "-o", "loop", image, path))
        {
            return new LoopDisk(image, path);
        }
        Directory.Delete(path);
        return Forget(image);
    }

    private static LoopDisk? Forget(string image)
    {
        File.Delete(image);
        return null;
    }
}
