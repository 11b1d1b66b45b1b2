using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;
using Client = SmartCity.Protocol.V1.FaultService.FaultServiceClient;

namespace SmartCity.Cli.Faults;

/// <summary><c>smartcity fault ack|assign|resolve|close</c></summary>
internal static class FaultCommand
{
    private static readonly Argument<string> Id = new("fault") { Description = "The fault's id, as smartcity faults shows it." };

    private static readonly Option<string> To = new("--to")
    {
        Description = "Who is to repair it.",
        HelpName = "name",
        Required = true,
    };

    private static readonly Option<string?> Override = new("--override-reason")
    {
        Description = "Why a resolved fault is closed although telemetry has not cleared it.",
        HelpName = "text",
    };

    public static Command Build(Terminal terminal) =>
        new("fault", "Sees to one fault: acknowledge it, assign it, resolve it, close it.")
        {
            Step(terminal, "ack", "Somebody knows of it. 确认", "--by Li", [], AcknowledgeAsync),
            Step(terminal, "assign", "Somebody is to repair it; also passes it on. 派单", "--by Li --to Wang", [To], AssignAsync),
            Step(terminal, "resolve", "It is mended. 处理", "--by Wang --note \"fuse replaced\"", [], ResolveAsync),
            Step(terminal, "close", "Telemetry agrees that it is over, or somebody answers for it. 关闭", "--by Li",
                [Override], CloseAsync),
        };

    private static Command Step(
        Terminal terminal, string name, string description, string options, IEnumerable<Option> own,
        Func<Question, Client, Task<Fault>> take)
    {
        var command = Question.Command(
            terminal, name, description, $"smartcity fault {name} pile-0001/3/210/1774238400000 {options}",
            [RepairOptions.By, .. own, RepairOptions.Note, RepairOptions.RequestId],
            async question => await ShowAsync(question, await take(question, new Client(question.Channel))));
        command.Add(Id);
        return command;
    }

    private static async Task<Fault> AcknowledgeAsync(Question question, Client client) => (await client.AcknowledgeFaultAsync(
        new AcknowledgeFaultRequest
        {
            FaultId = question.Get(Id),
            ActionId = question.Get(RepairOptions.RequestId) ?? "",
            By = question.Get(RepairOptions.By),
            Note = question.Get(RepairOptions.Note) ?? "",
        },
        question.Call)).Fault;

    private static async Task<Fault> AssignAsync(Question question, Client client) => (await client.AssignFaultAsync(
        new AssignFaultRequest
        {
            FaultId = question.Get(Id),
            ActionId = question.Get(RepairOptions.RequestId) ?? "",
            By = question.Get(RepairOptions.By),
            Assignee = question.Get(To),
            Note = question.Get(RepairOptions.Note) ?? "",
        },
        question.Call)).Fault;

    private static async Task<Fault> ResolveAsync(Question question, Client client) => (await client.ResolveFaultAsync(
        new ResolveFaultRequest
        {
            FaultId = question.Get(Id),
            ActionId = question.Get(RepairOptions.RequestId) ?? "",
            By = question.Get(RepairOptions.By),
            Note = question.Get(RepairOptions.Note) ?? "",
        },
        question.Call)).Fault;

    private static async Task<Fault> CloseAsync(Question question, Client client) => (await client.CloseFaultAsync(
        new CloseFaultRequest
        {
            FaultId = question.Get(Id),
            ActionId = question.Get(RepairOptions.RequestId) ?? "",
            By = question.Get(RepairOptions.By),
            Note = question.Get(RepairOptions.Note) ?? "",
            OverrideReason = question.Get(Override) ?? "",
        },
        question.Call)).Fault;

    private static async Task ShowAsync(Question question, Fault fault)
    {
        await new Answer<Fault>(fault, [fault], FaultsCommand.Columns(question.Zone))
        {
            Notes = [.. fault.Actions.Select(action => Line(action, question.Zone))],
        }.ShowAsync(question);
    }

    private static string Line(FaultAction action, TimeZoneInfo zone)
    {
        var words = new List<string> { Say.Time(action.RecordedTime, zone), Words.Upper(action.Step), "by", action.By };
        if (action.Assignee.Length > 0)
        {
            words.AddRange(["to", action.Assignee]);
        }
        var texts = new[] { action.Note, action.OverrideReason.Length > 0 ? $"(override: {action.OverrideReason})" : "" };
        return $"  {string.Join(' ', words)}  {string.Join(' ', texts.Where(text => text.Length > 0))}".TrimEnd();
    }
}
