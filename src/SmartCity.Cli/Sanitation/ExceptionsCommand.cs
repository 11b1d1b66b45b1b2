using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity exceptions list|declare|approve|reject|withdraw</c></summary>
internal static class ExceptionsCommand
{
    private static readonly Option<ExceptionState[]> States = Words.Many<ExceptionState>("--state", "Only");

    private static readonly Argument<string> Id = new("id") { Description = "The exception's id." };

    private static readonly Option<bool> Supervisor = CommonOptions.Flag(
        "--supervisor", "As a supervisor: needed for what was declared more than 48 h after the cutoff.");

    public static Command Build(Terminal terminal) =>
        new("exceptions", "Collections that are judged otherwise: excused, cancelled, shifted or extended; and who decided that.")
        {
            Question.Command(
                terminal,
                "list",
                "Exceptions, newest first.",
                """
                smartcity exceptions list --state declared
                smartcity exceptions list --first 2026-11-01 --last-date 2026-11-30 --as-of 2026-12-01
                """,
                [.. DateOptions.Limits, States, CommonOptions.AsOf, CommonOptions.Limit],
                ListAsync),
            ExceptionDeclaration.Build(terminal),
            Deciding(terminal, "approve", Decision.Approve, "It holds from now on.", "--by Wang"),
            Deciding(terminal, "reject", Decision.Reject, "It never holds.", "--by Wang --reason \"The gate was open\""),
            Deciding(terminal, "withdraw", Decision.Withdraw, "It holds no longer.", "--by Li --reason \"The snow melted\""),
        };

    public static Column<CollectionException>[] Columns(TimeZoneInfo zone) =>
    [
        new("Id", e => e.ExceptionId),
        new("State", e => CityWords.Of(e.State), Tone: e => e.State == ExceptionState.Declared ? Tone.Doubtful : Tone.Plain),
        new("Kind", e => CityWords.Of(e.Kind) + (e.BySeconds != 0 ? $" {Say.Span(e.BySeconds)}" : "")),
        new("Reason", e => e.Reason),
        new("Dates", e => e.FirstDate == e.LastDate ? e.FirstDate : $"{e.FirstDate} to {e.LastDate}"),
        new("Windows", e => e.WindowKeys.Count == 0 ? "all" : string.Join(' ', e.WindowKeys), 1),
        new("Where", Where, 1),
        new("Declared", e => $"{e.DeclaredBy} {Say.Time(e.DeclaredTime, zone)}", 2),
        new("Decided", e => e.Decisions.Count == 0 ? Say.Absent
            : $"{e.Decisions[^1].DecidedBy} {Say.Time(e.Decisions[^1].DecidedTime, zone)}", 3),
        new("Note", e => Say.Text(e.Note), 4),
    ];

    private static Command Deciding(Terminal terminal, string name, Decision decision, string effect, string example)
    {
        var command = Question.Command(
            terminal, name, $"{char.ToUpperInvariant(name[0])}{name[1..]}s an exception. {effect}",
            $"smartcity exceptions {name} snow-1123 {example}",
            decision == Decision.Approve ? [PersonOptions.By, Supervisor, PersonOptions.Reason]
                : [PersonOptions.By, PersonOptions.ReasonNeeded],
            question => DecideAsync(question, decision));
        command.Add(Id);
        return command;
    }

    private static string Where(CollectionException e)
    {
        var scope = e.Scope ?? new Scope();
        return e.WholeCity ? "the whole city" : string.Join(' ', scope.DistrictIds.Concat(scope.SubdistrictIds)
            .Concat(scope.CompoundIds).Concat(scope.GridIds).Concat(scope.PointIds).Concat(scope.TruckIds).Concat(e.RouteIds));
    }

    private static async Task ListAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var dates = question.Dates;
        var request = new ListExceptionsRequest
        {
            FirstDate = dates.First,
            LastDate = dates.Last,
            States = { question.Get(States) },
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListExceptionsAsync);
        await new Answer<CollectionException>(response, response.Exceptions, Columns(question.Zone)).ShowAsync(question);
    }

    private static async Task DecideAsync(Question question, Decision decision)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var request = new DecideExceptionRequest
        {
            ExceptionId = question.Get(Id),
            Decision = decision,
            DecidedBy = question.Get(PersonOptions.By),
            AsSupervisor = decision == Decision.Approve && question.Get(Supervisor),
            Reason = PersonOptions.ReasonOf(question),
        };
        var response = await client.DecideExceptionAsync(request, question.Call);
        await new Answer<CollectionException>(response, [response.Exception], Columns(question.Zone))
        {
            Notes = [ExceptionDeclaration.Line(response.Effect), .. response.Notes],
        }.ShowAsync(question);
    }
}
