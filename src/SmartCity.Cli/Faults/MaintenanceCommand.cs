using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;
using Client = SmartCity.Protocol.V1.FaultService.FaultServiceClient;

namespace SmartCity.Cli.Faults;

/// <summary><c>smartcity maintenance declare|list|cancel</c></summary>
internal static class MaintenanceCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The declaration's id, as the list shows it." };

    private static readonly Option<string> From = new("--from")
    {
        Description = "When the work begins.",
        HelpName = "time",
        Required = true,
    };

    private static readonly Option<string> Until = new("--until")
    {
        Description = "When it ends.",
        HelpName = "time",
        Required = true,
    };

    private static readonly Option<bool> Cancelled = CommonOptions.Flag("--cancelled", "Also what was cancelled.");

    public static Command Build(Terminal terminal)
    {
        var cancel = Question.Command(
            terminal, "cancel", "Cancels a declaration: none of it counts any more.",
            "smartcity maintenance cancel m-17 --by Li --reason \"crew did not come\"", [RepairOptions.By, RepairOptions.Reason],
            CancelAsync);
        cancel.Add(Id);
        return new Command("maintenance", "Announced work; outages during it do not count against uptime.")
        {
            Question.Command(
                terminal, "declare", "Declares maintenance of piles or areas.",
                "smartcity maintenance declare --pile pile-0001 --from 2026-11-24T22:00 --until 2026-11-25T02:00 --by Li "
                + "--reason rewiring",
                [.. ScopeOptions.OfPiles, From, Until, RepairOptions.By, RepairOptions.Reason, RepairOptions.RequestId],
                DeclareAsync),
            Question.Command(
                terminal, "list", "Maintenance that lasts or is to come; with a period, that in it. Newest first.",
                "smartcity maintenance list --last 30d --cancelled",
                [.. ScopeOptions.OfPiles, .. PeriodOptions.All, Cancelled, CommonOptions.AsOf, CommonOptions.Limit], ListAsync),
            cancel,
        };
    }

    private static Column<Maintenance>[] Columns(TimeZoneInfo zone) =>
    [
        new("Id", m => m.MaintenanceId),
        new("Of", m => Of(m.Scope)),
        new("From", m => Say.Time(m.FromTime, zone)),
        new("Until", m => Say.Time(m.UntilTime, zone)),
        new("Reason", m => m.Reason, 1),
        new("By", m => m.By, 2),
        new("Declared", m => Say.Time(m.RecordedTime, zone) + (m.RecordedTime > m.FromTime ? ", excuses nothing before" : ""), 3,
            Tone: m => m.RecordedTime > m.FromTime ? Tone.Doubtful : Tone.Plain),
        new("Cancelled", m => m.CancelledTime is null
            ? Say.Absent : $"{Say.Time(m.CancelledTime, zone)} by {m.CancelledBy}: {m.CancelReason}", 1),
    ];

    private static string Of(Scope? scope) => scope is null ? Say.Absent : string.Join(
        ' ', scope.DistrictIds.Concat(scope.SubdistrictIds).Concat(scope.CompoundIds).Concat(scope.GridIds).Concat(scope.PileIds));

    private static async Task DeclareAsync(Question question)
    {
        var request = new DeclareMaintenanceRequest
        {
            MaintenanceId = question.Get(RepairOptions.RequestId) ?? "",
            Scope = question.Scope,
            FromTime = Moments.Instant("--from", question.Get(From), question.Zone).ToTimestamp(),
            UntilTime = Moments.Instant("--until", question.Get(Until), question.Zone).ToTimestamp(),
            By = question.Get(RepairOptions.By),
            Reason = question.Get(RepairOptions.Reason),
        };
        var response = await new Client(question.Channel).DeclareMaintenanceAsync(request, question.Call);
        await ShowAsync(question, response.Maintenance);
    }

    private static async Task CancelAsync(Question question)
    {
        var request = new CancelMaintenanceRequest
        {
            MaintenanceId = question.Get(Id),
            By = question.Get(RepairOptions.By),
            Reason = question.Get(RepairOptions.Reason),
        };
        var response = await new Client(question.Channel).CancelMaintenanceAsync(request, question.Call);
        await ShowAsync(question, response.Maintenance);
    }

    private static async Task ListAsync(Question question)
    {
        var request = new ListMaintenanceRequest
        {
            Scope = question.Scope,
            Period = question.HasPeriod ? question.Period : null,
            IncludeCancelled = question.Get(Cancelled),
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, new Client(question.Channel).ListMaintenanceAsync);
        await new Answer<Maintenance>(response, response.Maintenance, Columns(question.Zone)).ShowAsync(question);
    }

    private static Task ShowAsync(Question question, Maintenance declared) =>
        new Answer<Maintenance>(declared, [declared], Columns(question.Zone)).ShowAsync(question);
}
