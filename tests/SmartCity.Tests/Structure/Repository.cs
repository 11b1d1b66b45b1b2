using System.Runtime.CompilerServices;

namespace SmartCity.Tests.Structure;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["/bin/", "/obj/", "/Migrations/", "/node_modules/", "/data/", "/artifacts/"];

    /// <summary>The folder with SmartCity.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files under the root that people wrote, by name pattern, as paths relative to the root.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(path => "/" + Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !Generated.Any(path.Contains))
            .Select(path => path[1..])
            .Order(StringComparer.Ordinal);

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string relativePath) => File.ReadAllLines(Path.Combine(Root, relativePath));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SmartCity.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException($"SmartCity.sln is in no folder above {here}");
    }
}
