using System.CommandLine;
using Grpc.Net.Client;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator.Scoring;

/// <summary>`score`: compares a server's answers with a file of the truth.</summary>
internal static class ScoreCommand
{
    private const int ReceiveBytesMax = 64 << 20;

    public static Command Build()
    {
        var file = new Option<FileInfo>("--truth") { Description = "What `backfill --truth` wrote.", Required = true };
        var write = new Option<FileInfo?>("--write")
        {
            Description = "A document whose part between `<!-- score -->` and `<!-- /score -->` is renewed.",
        };
        var list = new Option<FileInfo?>("--list") { Description = "A file to which every disagreement is written, one a line." };
        var command = new Command("score", "Says how right a server's answers about the simulated past are.")
        {
            file, SharedOptions.Grpc, write, list,
        };
        command.SetAction((result, cancellation) => Living.GuardAsync(async () =>
        {
            var server = result.GetValue(SharedOptions.Grpc) ?? new Uri("http://127.0.0.1:5081");
            var truth = TruthLines.Read(result.GetRequiredValue(file).FullName);
            using var channel = GrpcChannel.ForAddress(
                server, new GrpcChannelOptions { MaxReceiveMessageSize = ReceiveBytesMax });
            var answers = await ServerAnswers.AskAsync(channel, truth, TimeProvider.System, cancellation);
            var score = new Score(truth, answers);
            var report = ScoreReport.Write(score);
            Console.Out.Write(report);
            if (result.GetValue(list) is { } listed)
            {
                await File.WriteAllLinesAsync(
                    listed.FullName, score.Disagreements.Select(d => $"{d.What}\t{d.Cause}\t{d.Where}"), cancellation);
            }
            if (result.GetValue(write) is { } document)
            {
                await ScoreReport.RenewAsync(document.FullName, report, cancellation);
            }
        }));
        return command;
    }
}
