using System.CommandLine;
using Grpc.Core;
using SmartCity.Cli.Asking;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Moving;

/// <summary><c>smartcity backup</c></summary>
internal static class BackupCommand
{
    private static readonly Option<string> To = new("--to") { Description = "A new folder here.", HelpName = "folder", Required = true };

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "backup",
        "Copies all that a running server keeps, as of one moment, into a folder here.",
        "smartcity backup --to /backups/2026-11-23",
        [To],
        AskAsync);

    private static async Task AskAsync(Question question)
    {
        var folder = question.Get(To);
        try
        {
            ReceivedFiles.Prepare(folder, "--to");
            using var call = new MovingService.MovingServiceClient(question.Channel).BackUp(new BackUpRequest(), question.Stream);
            await using var files = new ReceivedFiles(name => Path.Combine(folder, name));
            var received = await files.TakeAsync(Parts(call.ResponseStream), question.Cancellation);
            await question.Terminal.Out.WriteLineAsync(received.Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--to: '{folder}' cannot be written: {e.Message}");
        }
    }

    private static async IAsyncEnumerable<FilePart> Parts(IAsyncStreamReader<BackUpResponse> stream)
    {
        await foreach (var response in stream.ReadAllAsync())
        {
            yield return response.Part;
        }
    }
}
