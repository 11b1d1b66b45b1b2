using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity exceptions declare</c></summary>
internal static class ExceptionDeclaration
{
    private const int SecondsPerMinute = 60;
    private const int MinutesMax = 1_440; // What the server takes.

    private static readonly Argument<ExceptionKind> Kind = Words.Argument<ExceptionKind>("kind", "What it does");

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "One word that is counted, as SNOW_EMERGENCY or NO_ACCESS_GATE_LOCKED; an unusual one is told, with those that are "
            + "usual. VEHICLE_BREAKDOWN never excuses.",
        HelpName = "word",
        Required = true,
    };

    private static readonly Option<string[]> Routes = CommonOptions.Ids("--route", "What was to be served on these routes.");

    private static readonly Option<bool> WholeCity = CommonOptions.Flag("--whole-city", "Every point there is.");

    private static readonly Option<int?> Minutes = Numbers.Whole(
        "--minutes",
        "How far shift-window moves the window (negative: earlier), or how much longer extend-grace makes it; at most a day.",
        -MinutesMax, MinutesMax);

    private static readonly Option<bool> DryRun = CommonOptions.Flag("--dry-run", "Tell what it would do and record nothing.");

    public static Command Build(Terminal terminal)
    {
        var command = Question.Command(
            terminal,
            "declare",
            """
            Declares an exception. It holds once somebody else approves it. cancel, shift-window and extend-grace have to be
            declared before a window starts; later they only excuse.
            """,
            """
            smartcity exceptions declare cancel --date 2026-11-23 --district 220204 --reason SNOW_EMERGENCY --by Li
            smartcity exceptions declare excuse --date 2026-11-23 --point point-001 --window NOON --reason NO_ACCESS --by Li
            smartcity exceptions declare shift-window --date 2026-11-23 --route route-1 --minutes 60 --reason PUBLIC_EVENT --by Li
            """,
            [
                Reason, PersonOptions.By, .. DateOptions.Named, .. ScopeOptions.OfVisits, Routes, WholeCity,
                ComplianceCommand.Windows, Minutes, PersonOptions.Note, PersonOptions.Id, DryRun,
            ],
            DeclareAsync);
        command.Add(Kind);
        return command;
    }

    /// <summary>What an exception does, in one line.</summary>
    public static string Line(ExceptionEffect? effect)
    {
        var e = effect ?? new ExceptionEffect();
        if (e.Covered == 0)
        {
            return "Covers no collection.";
        }
        (long Count, string Word)[] parts =
        [
            (e.Cancelled, "cancelled"), (e.Shifted, "shifted"), (e.Extended, "extended"), (e.Excused, "excused if not served"),
            (e.NeedSupervisor, "only by a supervisor"), (e.Untouched, "untouched"),
        ];
        return $"Covers {Say.Count(e.Covered)} {(e.Covered == 1 ? "collection" : "collections")}: "
            + string.Join(", ", parts.Where(p => p.Count > 0).Select(p => $"{Say.Count(p.Count)} {p.Word}")) + ".";
    }

    private static int MinutesOf(Question question) => (question.Get(Kind), question.Get(Minutes)) switch
    {
        (ExceptionKind.ShiftWindow, null or 0) =>
            throw new UsageException("shift-window needs --minutes: how far, as 60, or -60 for earlier."),
        (ExceptionKind.ExtendGrace, null or <= 0) => throw new UsageException("extend-grace needs --minutes from 1 up, as 60."),
        (ExceptionKind.Excuse or ExceptionKind.Cancel, not null) =>
            throw new UsageException("--minutes belongs to shift-window and extend-grace; leave it out."),
        (_, var minutes) => minutes ?? 0,
    };

    private static async Task DeclareAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var dates = question.NamedDates;
        var scope = question.Scope;
        var request = new DeclareExceptionRequest
        {
            Kind = question.Get(Kind),
            Reason = question.Get(Reason),
            Note = question.Get(PersonOptions.Note) ?? "",
            Scope = scope.Equals(new Scope()) ? null : scope,
            RouteIds = { question.Get(Routes) },
            WholeCity = question.Get(WholeCity),
            WindowKeys = { question.Get(ComplianceCommand.Windows) },
            FirstDate = dates.First,
            LastDate = dates.Last,
            BySeconds = MinutesOf(question) * SecondsPerMinute,
            DeclaredBy = question.Get(PersonOptions.By),
        };
        request.ExceptionId = question.Get(PersonOptions.Id) ?? PersonOptions.IdOf("x", request);
        request.ValidateOnly = question.Get(DryRun);
        var response = await client.DeclareExceptionAsync(request, question.Call);
        await new Answer<CollectionException>(response, [response.Exception], ExceptionsCommand.Columns(question.Zone))
        {
            Notes =
            [
                Line(response.Effect), .. response.Notes,
                .. request.ValidateOnly ? ["Nothing was recorded."]
                    : response.Exception?.State == ExceptionState.Declared
                        ? new[] { $"Next: smartcity exceptions approve {response.Exception.ExceptionId} --by <somebody else>" } : [],
            ],
        }.ShowAsync(question);
    }
}
