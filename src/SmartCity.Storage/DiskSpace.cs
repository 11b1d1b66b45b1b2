namespace SmartCity.Storage;

/// <summary>Looks for the commonest cause of a database that cannot be written or opened.</summary>
internal static class DiskSpace
{
    private const long Little = 1 << 20;

    /// <summary>Whether the disk with a file has no room to speak of. What a database says itself differs with the moment: to it a
    /// log that cannot be made is a failure of the disk.</summary>
    public static bool IsOut(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var real = file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
            return new DriveInfo(Path.GetDirectoryName(real)!).AvailableFreeSpace < Little;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Then it is not known.
        }
    }
}
