using System.CommandLine;
using SmartCity.Cli.Asking;

namespace SmartCity.Cli.Moving;

/// <summary><c>smartcity restore</c>: asks no server.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> From = new("folder") { Description = "What `smartcity backup` wrote." };

    private static readonly Option<string> Directory = new("--data-directory")
    {
        Description = "The new server's data directory: new, or empty.", HelpName = "folder", Required = true,
    };

    public static Command Build(Terminal terminal)
    {
        var command = Question.Command(
            terminal,
            "restore",
            "Makes a data directory out of a backup. No server is needed; none may use the directory yet.",
            "smartcity restore /backups/2026-11-23 --data-directory ./data",
            [Directory],
            AskAsync);
        command.Add(From);
        return command;
    }

    private static async Task AskAsync(Question question)
    {
        var (folder, target) = (question.Get(From), Path.GetFullPath(question.Get(Directory)));
        try
        {
            var manifest = await ReadAsync(folder, question.Cancellation);
            ReceivedFiles.Prepare(target, "--data-directory");
            // Under another name until all is there: no server takes the half of it for the whole.
            var making = target.TrimEnd(Path.DirectorySeparatorChar) + ".restoring";
            if (System.IO.Directory.Exists(making))
            {
                System.IO.Directory.Delete(making, recursive: true);
            }
            System.IO.Directory.CreateDirectory(making);
            foreach (var file in manifest.Files)
            {
                await CopyAsync(Path.Combine(folder, file.Name), Path.Combine(making, file.Name), question.Cancellation);
            }
            if (await manifest.ProblemInAsync(making, question.Cancellation) is { } problem)
            {
                throw new UsageException($"The disk of --data-directory did not keep what was written. {problem}");
            }
            System.IO.Directory.Delete(target);
            System.IO.Directory.Move(making, target);
            foreach (var line in (string[])[$"{target} is ready: start a server with --DataDirectory={target}.", .. manifest.Notes])
            {
                await question.Terminal.Out.WriteLineAsync(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{folder}' cannot be restored to '{target}': {e.Message}");
        }
    }

    private static async Task<ManifestText> ReadAsync(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, ManifestText.FileName);
        if (!File.Exists(path))
        {
            throw new UsageException($"'{folder}' has no {ManifestText.FileName}: it is no backup, or one that was interrupted.");
        }
        var manifest = ManifestText.Parse(await File.ReadAllTextAsync(path, cancellation), path);
        return manifest.Kind != "smartcity-backup"
            ? throw new UsageException($"'{folder}' is a {manifest.Kind}, not a backup. `smartcity import` takes an export.")
            : await manifest.ProblemInAsync(folder, cancellation) is { } problem ? throw new UsageException(problem)
            : manifest;
    }

    private static async Task CopyAsync(string from, string to, CancellationToken cancellation)
    {
        await using var source = File.OpenRead(from);
        await using var target = File.Create(to);
        await source.CopyToAsync(target, cancellation);
        target.Flush(flushToDisk: true);
    }
}
