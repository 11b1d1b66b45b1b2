using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Faults;

/// <summary><c>smartcity faults</c></summary>
internal static class FaultsCommand
{
    private static readonly Option<FaultSeverity> Severity = Words.One<FaultSeverity>("--severity", "At least");

    private static readonly Option<int[]> Codes = new("--code")
    {
        Description = "Only these numbers, as 102; docs/mqtt.md has them all.",
        HelpName = "numbers",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
        CustomParser = result => Numbers.Many<int>(result, "--code"),
    };

    private static readonly Option<bool> Transients = CommonOptions.Flag(
        "--transients", "Also those that were cleared before they could alert.");

    private static readonly Option<bool> Reported = CommonOptions.Flag(
        "--reported-only", "Only what devices reported, not what the server found.");

    private static readonly Option<FaultState[]> States = Words.Many<FaultState>(
        "--state", "Only these states of repair (open: nobody acted on it); also faults that are over, but without a period no open ones");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "faults",
        "What is broken now and not closed; with a period, all that was broken in it. Newest first.",
        """
        smartcity faults --severity major
        smartcity faults --last 30d --compound 220204-C01 --code 102
        smartcity faults --state open,reopened
        """,
        [
            .. ScopeOptions.OfPiles, .. PeriodOptions.All, Severity, Codes, States, Transients, Reported, CommonOptions.AsOf,
            CommonOptions.Limit,
        ],
        AskAsync);

    /// <summary>How a list of faults is shown.</summary>
    public static Column<Fault>[] Columns(TimeZoneInfo zone) =>
    [
        new("Where", Where),
        new("Fault", FaultNames.Of),
        new("State", State, 1, Tone: f => CityWords.ToneOf(f.State)),
        new("Assignee", f => Say.Text(f.Assignee), 3),
        new("Severity", f => CityWords.Of(f.Severity), 2, Tone: f => CityWords.ToneOf(f.Severity)),
        new("Raised", f => Say.Time(f.RaisedTime, zone)),
        new("Cleared", f => f.ClearedTime is null ? "still there" : Say.Time(f.ClearedTime, zone), 1),
        new("Lasted", f => Say.Span(f.DurationSeconds), IsNumber: true),
        new("Kind", f => (f.Derived ? "found by server" : "reported") + (f.Transient ? ", transient" : ""), 5),
        new("Vendor", f => Say.Text($"{f.VendorCode} {f.Info}".Trim()), 6),
        new("Compound", f => Say.Text(f.CompoundId), 4),
        new("Id", f => f.FaultId),
    ];

    private static string State(Fault fault) =>
        fault is { PileId: "", State: FaultState.Unspecified } ? "several" : CityWords.Of(fault.State);

    // A line for an incident has no pile.
    private static string Where(Fault fault) => fault switch
    {
        { PileId: "" } => fault.CompoundId,
        { Port: 0 } => fault.PileId,
        _ => $"{fault.PileId}/{fault.Port}",
    };

    private static async Task AskAsync(Question question)
    {
        var client = new FaultService.FaultServiceClient(question.Channel);
        var request = new ListFaultsRequest
        {
            Scope = question.Scope,
            Period = question.HasPeriod ? question.Period : null,
            MinSeverity = question.Get(Severity),
            Codes = { question.Get(Codes) },
            IncludeTransients = question.Get(Transients),
            ExcludeDerived = question.Get(Reported),
            States = { question.Get(States) },
            AsOf = question.AsOf,
        };
        var response = await Pages.AllAsync(question, request, client.ListFaultsAsync);
        var rows = question.Output == OutputFormat.Csv ? response.Faults : IncidentLines.Fold(response.Faults);
        await new Answer<Fault>(response, rows, Columns(question.Zone))
        {
            Quality = response.Quality,
            Nothing = response.FaultedWithoutFault.Count == 0 ? "Nothing found." : "No fault is on record.",
            Notes =
            [
                .. IncidentLines.Notes(rows), .. Unnamed(response.FaultedWithoutFault),
                .. PeriodOptions.Ahead(request.Period, question),
            ],
        }.ShowAsync(question);
    }

    private static IEnumerable<string> Unnamed(Google.Protobuf.Collections.RepeatedField<string> ports)
    {
        const int shown = 20;
        if (ports.Count > 0)
        {
            yield return (ports.Count == 1 ? "1 port says " : $"{Say.Count(ports.Count)} ports say ")
                + $"{CityWords.Of(PortStatus.Faulted)} without naming a fault: {string.Join(", ", ports.Take(shown))}"
                + $"{(ports.Count > shown ? ", ..." : "")} (smartcity ports --status faulted)";
        }
    }
}
