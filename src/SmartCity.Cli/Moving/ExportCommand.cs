using System.CommandLine;
using Grpc.Core;
using SmartCity.Cli.Asking;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Moving;

/// <summary><c>smartcity export</c></summary>
internal static class ExportCommand
{
    private const string LineFile = ".line";

    private static readonly Option<string[]> Measurements = CommonOptions.Ids(
        "--measurement", "Only these: status, meter, session, fault, conn, position, evidence, bin.");

    private static readonly Option<ExportFormat> Format = Words.One<ExportFormat>("--format", "Parquet, or line protocol of InfluxDB");

    private static readonly Option<string> Out = new("--out")
    {
        Description = "A new folder; or of line protocol one file that ends in .line.", HelpName = "path", Required = true,
    };

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "export",
        "Telemetry as files, for analysts, for an InfluxDB, or for `smartcity import` elsewhere.",
        """
        smartcity export --out everything
        smartcity export --from 2026-11-01 --until 2026-12-01 --measurement meter --format parquet --out november
        smartcity export --last 7d --format line --out week.line
        """,
        [.. PeriodOptions.All, .. ScopeOptions.OfDevices, Measurements, Format, Out],
        AskAsync);

    private static async Task AskAsync(Question question)
    {
        var target = question.Get(Out);
        var isFile = target.EndsWith(LineFile, StringComparison.Ordinal);
        var request = new ExportTelemetryRequest { Scope = question.Scope, Measurements = { question.Get(Measurements) } };
        request.Format = question.Get(Format) is var format && format != ExportFormat.Unspecified ? format
            : isFile ? ExportFormat.Line : ExportFormat.Parquet;
        if (question.HasPeriod)
        {
            (request.From, request.Until) = (question.Period.From, question.Period.Until);
        }
        if (isFile && request.Format != ExportFormat.Line)
        {
            throw new UsageException($"--out: '{target}' is one file, and only line protocol fits into one. Name a folder for Parquet.");
        }
        var manifest = Prepare(target, isFile);
        try
        {
            using var call = new MovingService.MovingServiceClient(question.Channel).ExportTelemetry(request, question.Stream);
            await using var files = new ReceivedFiles(name => name == ManifestText.FileName ? manifest
                : isFile ? target : Path.Combine(target, name));
            var received = await files.TakeAsync(Parts(call.ResponseStream), question.Cancellation);
            await question.Terminal.Out.WriteLineAsync(received.Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out: '{target}' cannot be written: {e.Message}");
        }
    }

    private static string Prepare(string target, bool isFile)
    {
        if (!isFile)
        {
            ReceivedFiles.Prepare(target, "--out");
            return Path.Combine(target, ManifestText.FileName);
        }
        var manifest = ManifestText.Beside(target);
        return File.Exists(target) || File.Exists(manifest)
            ? throw new UsageException($"--out: '{target}' or its manifest is there already. Name a new file.")
            : manifest;
    }

    private static async IAsyncEnumerable<FilePart> Parts(IAsyncStreamReader<ExportTelemetryResponse> stream)
    {
        await foreach (var response in stream.ReadAllAsync())
        {
            yield return response.Part;
        }
    }
}
