using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Moving;

/// <summary><c>smartcity import</c></summary>
internal static class ImportCommand
{
    private const int PartBytes = 256 << 10;
    private const int DateChars = 10;

    private static readonly Argument<string> From = new("path") { Description = "What `smartcity export` wrote: a folder or a file." };

    public static Command Build(Terminal terminal)
    {
        var command = Question.Command(
            terminal,
            "import",
            "Brings exported telemetry into a server. What is there already changes nothing: run it again after an interruption.",
            """
            smartcity import everything --server http://127.0.0.1:5081
            smartcity import week.line
            """,
            [],
            AskAsync);
        command.Add(From);
        return command;
    }

    private static Column<ImportTelemetryResponse>[] Columns =>
    [
        new("File", r => r.Name),
        new("Messages", r => Say.Count(r.Messages), IsNumber: true),
        new("Stored", r => Say.Count(r.Stored), IsNumber: true),
        new("Known", r => Say.Count(r.Duplicate), IsNumber: true),
        new("Set aside", r => Say.Count(r.Dead), IsNumber: true),
        new("Refused", r => Say.Count(r.Refused), IsNumber: true, Tone: r => r.Refused > 0 ? Tone.Bad : Tone.Plain),
    ];

    private static async Task AskAsync(Question question)
    {
        var path = question.Get(From);
        var answers = new List<ImportTelemetryResponse>();
        try
        {
            var files = await FilesAsync(path, question);
            using var call = new MovingService.MovingServiceClient(question.Channel).ImportTelemetry(question.Stream);
            foreach (var file in files)
            {
                answers.Add(await ImportAsync(call, file, question));
            }
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(question.Cancellation); // There is none; the server has put everything away.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read: {e.Message}");
        }
        var total = new ImportTelemetryResponse
        {
            Messages = answers.Sum(a => a.Messages), Stored = answers.Sum(a => a.Stored), Duplicate = answers.Sum(a => a.Duplicate),
            Dead = answers.Sum(a => a.Dead), Refused = answers.Sum(a => a.Refused), Problems = { answers.SelectMany(a => a.Problems) },
        };
        if (total.Refused + total.Dead > 0)
        {
            question.Fail();
        }
        await new Answer<ImportTelemetryResponse>(total, answers, Columns)
        {
            Total = total,
            Notes = total.Dead > 0 ? ["What the store refused is set aside: `smartcity dead-letters`."] : [],
        }.ShowAsync(question);
    }

    // In the order in which it came, as far as names tell.
    private static async Task<List<string>> FilesAsync(string path, Question question)
    {
        if (File.Exists(path))
        {
            await CheckAsync(path, question);
            return [path];
        }
        if (!Directory.Exists(path))
        {
            throw new UsageException($"There is no '{path}'.");
        }
        var manifest = Path.Combine(path, ManifestText.FileName);
        if (!File.Exists(manifest))
        {
            await question.Terminal.Error.WriteLineAsync(
                $"'{path}' has no {ManifestText.FileName}: its export was interrupted. What there is is imported.");
        }
        else if (await ManifestText.Parse(await File.ReadAllTextAsync(manifest, question.Cancellation), manifest)
            .ProblemInAsync(path, question.Cancellation) is { } problem)
        {
            throw new UsageException(problem);
        }
        return
        [
            .. Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".line" or ".parquet")
                .OrderBy(file => Path.GetFileNameWithoutExtension(file) is { Length: > DateChars } name ? name[^DateChars..] : "",
                    StringComparer.Ordinal)
                .ThenBy(file => file, StringComparer.Ordinal),
        ];
    }

    // A file that is an export, or one of an export's.
    private static async Task CheckAsync(string path, Question question)
    {
        var own = ManifestText.Beside(path);
        var manifest = File.Exists(own) ? own : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, ManifestText.FileName);
        var told = File.Exists(manifest)
            ? ManifestText.Parse(await File.ReadAllTextAsync(manifest, question.Cancellation), manifest)
            : null;
        var listed = manifest == own ? told : told?.Only(Path.GetFileName(path));
        if (listed is null)
        {
            await question.Terminal.Error.WriteLineAsync(
                $"'{path}' has no manifest: nothing tells whether it is whole. What there is is imported.");
        }
        else if (await listed.ProblemInOneAsync(path, question.Cancellation) is { } problem)
        {
            throw new UsageException(problem);
        }
    }

    private static async Task<ImportTelemetryResponse> ImportAsync(
        AsyncDuplexStreamingCall<ImportTelemetryRequest, ImportTelemetryResponse> call, string path, Question question)
    {
        var name = Path.GetFileName(path);
        await using var content = File.OpenRead(path);
        var buffer = new byte[PartBytes];
        while (await content.ReadAsync(buffer, question.Cancellation) is > 0 and var read)
        {
            await SendAsync(
                call, new ImportTelemetryRequest { Name = name, Content = ByteString.CopyFrom(buffer, 0, read) }, question);
        }
        await SendAsync(call, new ImportTelemetryRequest { Name = name, End = true }, question);
        if (!await call.ResponseStream.MoveNext(question.Cancellation))
        {
            throw new IOException("the server ended before it had answered");
        }
        var answer = call.ResponseStream.Current;
        foreach (var problem in answer.Problems)
        {
            await question.Terminal.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{path}{(problem.Line > 0 ? $":{problem.Line}" : "")}: {problem.Problem}"));
        }
        return answer;
    }

    private static async Task SendAsync(
        AsyncDuplexStreamingCall<ImportTelemetryRequest, ImportTelemetryResponse> call, ImportTelemetryRequest part, Question question)
    {
        try
        {
            await call.RequestStream.WriteAsync(part);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !question.Cancellation.IsCancellationRequested)
        {
            await call.ResponseStream.MoveNext(question.Cancellation); // A server that ended while it was sent to says why there.
            throw;
        }
    }
}
