using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity explain</c></summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Id = new("obligation")
    {
        Description = "Point, service date and window, as point-001/2026-11-22/NOON.",
    };

    public static Command Build(Terminal terminal)
    {
        var command = Question.Command(
            terminal,
            "explain",
            "Why a collection counts as served, late, missed or unknown: the answer to a complaint.",
            """
            smartcity explain point-001/2026-11-22/NOON
            smartcity explain point-001/2026-11-22/NOON --as-of 2026-11-23T09:00
            """,
            [CommonOptions.AsOf],
            AskAsync);
        command.Add(Id);
        return command;
    }

    private static async Task AskAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var request = new ExplainObligationRequest { ObligationId = question.Get(Id), AsOf = question.AsOf };
        var response = await client.ExplainObligationAsync(request, question.Call);
        var to = question.Terminal.Out;
        switch (question.Output)
        {
            case OutputFormat.Json:
                await to.WriteLineAsync(JsonText.Lines(response));
                break;
            case OutputFormat.Csv:
                await CsvText.WriteAsync(to, [("part", "text"), .. Explanation.Rows(response, question.Zone)]);
                break;
            default:
                foreach (var line in Explanation.Lines(response, question.Zone))
                {
                    await to.WriteLineAsync(line);
                }
                break;
        }
    }
}
