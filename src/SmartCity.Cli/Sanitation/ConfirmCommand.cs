using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary><c>smartcity confirm</c></summary>
internal static class ConfirmCommand
{
    private static readonly TimeOnly ServiceDayStart = new(3, 0);

    private static readonly Argument<string?> Obligation = new("obligation")
    {
        Description = "Point, service date and window, as point-001/2026-11-22/NOON.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> Evidence = new("id")
    {
        Description = "Of the confirmation or picture; smartcity confirm list has it.",
    };

    private static readonly Option<string?> At = new("--at")
    {
        Description = "When it was served; a time of day is on the service date, before 03:00 on the day after. Default: now.",
        HelpName = "time",
    };

    private static readonly Option<string?> Truck = new("--truck") { Description = "Which truck it was.", HelpName = "id" };

    private static readonly Option<string?> Place = new("--place")
    {
        Description = "Where you are, as 43.84,126.55. Within 150 m of the point it counts at once, though weakly.",
        HelpName = "lat,lon",
    };

    private static readonly Option<bool> Supervisor = new("--supervisor") { Description = "As a supervisor: needed." };

    public static Command Build(Terminal terminal)
    {
        var confirm = Question.Command(
            terminal,
            "confirm",
            "Says that a point was served. It counts weakly when entered there and then, else once a supervisor accepts it.",
            """
            smartcity confirm point-001/2026-11-22/NOON --by Li --at 12:30 --truck truck-07 --note "Saw it from the office"
            smartcity confirm list --state waiting
            smartcity confirm accept c-0123456789ab --by Wang --supervisor
            smartcity confirm reject c-0123456789ab --by Wang --supervisor --reason "The bins were full at 13:00"
            """,
            [PersonOptions.By, At, Truck, Place, PersonOptions.Note, PersonOptions.Id],
            ConfirmAsync);
        confirm.Add(Obligation);
        confirm.Add(ConfirmationsCommand.Build(terminal));
        confirm.Add(Deciding(terminal, "accept", Decision.Approve, "A supervisor believes a confirmation or picture: proof B."));
        confirm.Add(Deciding(terminal, "reject", Decision.Reject, "A supervisor does not believe a confirmation or picture."));
        return confirm;
    }

    private static Command Deciding(Terminal terminal, string name, Decision decision, string description)
    {
        var command = Question.Command(
            terminal, name, description, $"smartcity confirm {name} c-0123456789ab --by Wang --supervisor --reason \"Seen on the camera\"",
            decision == Decision.Reject
                ? [PersonOptions.By, Supervisor, PersonOptions.ReasonNeeded]
                : [PersonOptions.By, Supervisor, PersonOptions.Reason], question => DecideAsync(question, decision));
        command.Add(Evidence);
        return command;
    }

    private static async Task ConfirmAsync(Question question)
    {
        var obligation = question.Get(Obligation)
            ?? throw new UsageException("Name what was served, as point-001/2026-11-22/NOON: point, service date, window.");
        var request = new ConfirmCollectionRequest
        {
            ObligationId = obligation,
            CollectedTime = question.Get(At) is { } at
                ? Moments.Instant("--at", OnServiceDate(at, obligation), question.Zone).ToTimestamp()
                : null,
            ConfirmedBy = question.Get(PersonOptions.By),
            TruckId = question.Get(Truck) ?? "",
            Note = question.Get(PersonOptions.Note) ?? "",
            Location = question.Get(Place) is { } place ? PlaceOf(place) : null,
        };
        request.ConfirmationId = question.Get(PersonOptions.Id) ?? PersonOptions.IdOf("c", request);
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var response = await client.ConfirmCollectionAsync(request, question.Call);
        var zone = question.Zone;
        Column<CollectionConfirmation>[] columns =
        [
            new("Id", c => c.ConfirmationId),
            new("Obligation", c => c.ObligationId),
            new("Served", c => Say.Time(c.CollectedTime, zone)),
            new("By", c => c.ConfirmedBy),
            new("Entered", c => Say.Time(c.RecordedTime, zone), 1),
            new("Truck", c => Say.Text(c.TruckId), 1),
            new("Note", c => Say.Text(c.Note), 2),
        ];
        await new Answer<CollectionConfirmation>(response, [response.Confirmation], columns)
        {
            Notes = [.. response.Notes, $"All about it: smartcity explain {obligation}"],
        }.ShowAsync(question);
    }

    private static async Task DecideAsync(Question question, Decision decision)
    {
        var request = new DecideConfirmationRequest
        {
            EvidenceId = question.Get(Evidence),
            Decision = decision,
            DecidedBy = question.Get(PersonOptions.By),
            Reason = PersonOptions.ReasonOf(question),
            AsSupervisor = question.Get(Supervisor) ? true
                : throw new UsageException("Only a supervisor decides about confirmations and pictures: say so with --supervisor."),
        };
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var response = await client.DecideConfirmationAsync(request, question.Call);
        Column<DecisionRecord>[] columns =
        [
            new("Decided", d => Words.Upper(d.Decision)),
            new("By", d => d.DecidedBy),
            new("When", d => Say.Time(d.DecidedTime, question.Zone)),
            new("Reason", d => Say.Text(d.Reason)),
        ];
        await new Answer<DecisionRecord>(response, response.Decisions, columns) { Notes = response.Notes }.ShowAsync(question);
    }

    /// <summary>A window that reaches past midnight belongs to the date before: service days start at 03:00.</summary>
    internal static string OnServiceDate(string at, string obligation) =>
        TimeOnly.TryParseExact(at, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        && obligation.Split('/') is [_, var text, _]
        && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? string.Create(CultureInfo.InvariantCulture, $"{date.AddDays(time < ServiceDayStart ? 1 : 0):yyyy-MM-dd} {at}")
            : at;

    private static GeoPoint PlaceOf(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var lat)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var lon)
            ? new GeoPoint { Lat = lat, Lon = lon }
            : throw new UsageException($"--place: '{text}' is no place. Write 43.84,126.55: latitude, longitude (WGS-84).");
    }
}
