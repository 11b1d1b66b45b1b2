using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Operations;

/// <summary><c>smartcity dead-letters</c></summary>
internal static class DeadLettersCommand
{
    private const int TotalShownFrom = 2;
    private const int WaitingRead = 1_000;
    private const int ReasonsShown = 10;

    private static readonly Option<string?> Device = new("--device") { Description = "Only of this device.", HelpName = "id" };

    private static readonly Option<bool> Replayed = CommonOptions.Flag("--replayed", "Also those that were replayed.");

    private static readonly Option<DeadLetterReason> Reason = Words.One<DeadLetterReason>("--reason", "Only those set aside for");

    private static readonly Argument<long[]> Ids = new("ids")
    {
        Description = "Numbers of dead letters.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => Numbers.Many<long>(result, "replay"),
    };

    private static readonly Option<bool> Everything = CommonOptions.Flag("--all", "Replay all that wait.");

    public static Command Build(Terminal terminal)
    {
        var list = Question.Command(
            terminal,
            "dead-letters",
            "Messages and records that were set aside, newest first, and why.",
            """
            smartcity dead-letters --device pile-0001
            smartcity dead-letters replay 17 18
            """,
            [Device, Replayed, CommonOptions.Limit],
            ListAsync);
        var replay = Question.Command(
            terminal,
            "replay",
            "Sends dead letters through ingest again, once the cause is mended.",
            """
            smartcity dead-letters replay 17 18
            smartcity dead-letters replay --reason unknown-device
            """,
            [Device, Reason, Everything],
            ReplayAsync);
        replay.Add(Ids);
        list.Add(replay);
        return list;
    }

    private static Column<DeadLetter>[] Columns(TimeZoneInfo zone) =>
    [
        new("No.", d => d.DeadLetterId.ToString(CultureInfo.InvariantCulture), IsNumber: true),
        new("Received", d => Say.Time(d.ReceivedTime, zone), 1),
        new("Device", d => Say.Text(d.DeviceId)),
        new("Reason", d => Words.Upper(d.Reason), Tone: _ => Tone.Bad),
        new("Problem", d => d.Problem),
        new("Topic", d => d.Topic, 3),
        new("Bytes", d => Say.Count(d.PayloadBytes), 4, IsNumber: true),
        new("Replayed", d => Say.Time(d.ReplayedTime, zone), 5),
    ];

    private static async Task ListAsync(Question question)
    {
        var client = new OperationsService.OperationsServiceClient(question.Channel);
        var request = new ListDeadLettersRequest
        {
            DeviceId = question.Get(Device) ?? "",
            IncludeReplayed = question.Get(Replayed),
        };
        var response = await Pages.AllAsync(question, request, client.ListDeadLettersAsync);
        await new Answer<DeadLetter>(response, response.DeadLetters, Columns(question.Zone))
        {
            Notes = response.Total >= TotalShownFrom ? [$"{Say.Count(response.Total)} in all."] : [],
        }.ShowAsync(question);
    }

    // What fails again waits under its old number.
    private static async Task<List<string>> WhyAsync(
        Question question, ReplayDeadLettersRequest replayed, OperationsService.OperationsServiceClient client)
    {
        var request = new ListDeadLettersRequest { DeviceId = replayed.DeviceId, PageSize = WaitingRead };
        var waiting = (await client.ListDeadLettersAsync(request, question.Call)).DeadLetters
            .Where(d => replayed.DeadLetterIds.Count == 0 || replayed.DeadLetterIds.Contains(d.DeadLetterId))
            .Where(d => replayed.Reason == DeadLetterReason.Unspecified || replayed.Reason == d.Reason).ToList();
        return
        [
            .. waiting.Take(ReasonsShown).Select(d => $"No. {d.DeadLetterId} {d.DeviceId}: {Words.Upper(d.Reason)}, {d.Problem}"),
            .. waiting.Count > ReasonsShown ? ["smartcity dead-letters has all of them, and why."] : Array.Empty<string>(),
        ];
    }

    private static async Task ReplayAsync(Question question)
    {
        var request = new ReplayDeadLettersRequest
        {
            DeadLetterIds = { question.Get(Ids) },
            DeviceId = question.Get(Device) ?? "",
            Reason = question.Get(Reason),
        };
        // The API replays everything when nothing is named; a person must mean it.
        if (request.Equals(new ReplayDeadLettersRequest()) && !question.Get(Everything))
        {
            throw new UsageException("Name what to replay: numbers, --device, --reason, or --all.");
        }
        var client = new OperationsService.OperationsServiceClient(question.Channel);
        var response = await client.ReplayDeadLettersAsync(request, question.Call);
        Column<ReplayDeadLettersResponse>[] columns =
        [
            new("Replayed", r => Say.Count(r.Replayed), IsNumber: true),
            new("Stored", r => Say.Count(r.Stored), IsNumber: true),
            new("Set aside again", r => Say.Count(r.Failed), IsNumber: true),
        ];
        await new Answer<ReplayDeadLettersResponse>(response, [response], columns)
        {
            Notes = response.Failed > 0 ? await WhyAsync(question, request, client) : [],
        }.ShowAsync(question);
        if (response.Failed > 0)
        {
            question.Fail();
        }
    }
}
