using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity capacity</c></summary>
internal static class CapacityCommand
{
    private static readonly Option<double?> Target = Numbers.Fraction(
        "--target", "How many of those who come in the busiest hour may find no free port, %: 0.1 to 50. Default: 2.", "percent",
        0.1, 50);

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "capacity",
        "How many ports each compound lacks 扩容建议, and what that is made of.",
        """
        smartcity capacity --last 28d
        smartcity capacity --last 28d --compound 220204-C01 --target 5 --output json
        """,
        [.. ScopeOptions.OfPiles, .. PeriodOptions.All, Target, CommonOptions.AsOf, CommonOptions.Limit],
        AskAsync);

    private static Column<CapacityAdvice>[] Columns() =>
    [
        new("Compound", a => $"{a.CompoundId} {a.CompoundName}".TrimEnd()),
        new("Kind", a => AssetKind(a.Kind), 3),
        new("Ports", a => Say.Count(a.Ports), IsNumber: true),
        new("To add", ToAdd, IsNumber: true, Tone: a => a.PortsToAdd > 0 ? Tone.Bad : Tone.Plain),
        new("95 %", Interval, 1, IsNumber: true),
        new("Blocked", a => Say.Percent(a.HasBlocking ? a.Blocking : null), IsNumber: true),
        new("Load erl", a => Say.Number(a.HasOfferedErlang ? a.OfferedErlang : null, 2), IsNumber: true),
        new("Busiest", a => a.HasBusiestHour ? a.BusiestHour.ToString("00", CultureInfo.InvariantCulture) + ":00" : Say.Absent, 1),
        new("Come per h", a => Say.Number(a.HasArrivalsPerHour ? a.ArrivalsPerHour : null, 2), 3, IsNumber: true),
        new("Stay", a => Say.Span(a.HasHoldSeconds ? a.HoldSeconds : null), 2, IsNumber: true),
        new("Came", a => Say.Count(a.Arrivals), 2, IsNumber: true),
        new("Free h", a => Say.Hours(a.UnsaturatedSeconds), 2, IsNumber: true),
        new("Full h", a => Say.Hours(a.SaturatedSeconds), 2, IsNumber: true),
        new("Unknown h", a => Say.Hours(a.UnknownSeconds), 4, IsNumber: true),
        new("Broken", a => Say.Number(a.HasBrokenPorts ? a.BrokenPorts : null), 4, IsNumber: true),
        new("Beware", a => a.Caveats.Count == 0 ? Say.Absent : string.Join(", ", a.Caveats.Select(Beware)), 1),
    ];

    private static string ToAdd(CapacityAdvice advice) => advice.HasPortsToAdd ? Say.Count(advice.PortsToAdd) : Say.Absent;

    private static string Interval(CapacityAdvice advice) =>
        advice.HasPortsToAdd ? $"{advice.PortsToAddLow}..{advice.PortsToAddHigh}" : Say.Absent;

    private static string AssetKind(PileKind kind) => kind switch
    {
        PileKind.EbikeAc => "EBIKE_AC",
        PileKind.EbikeCabinet => "EBIKE_CABINET",
        PileKind.EvAc => "EV_AC",
        PileKind.EvDc => "EV_DC",
        _ => Say.Absent,
    };

    private static string Beware(CapacityCaveat caveat) => caveat switch
    {
        CapacityCaveat.FewSessions => "few sessions",
        CapacityCaveat.ShortTime => "short time",
        CapacityCaveat.MuchUnseen => "much unseen",
        CapacityCaveat.HoursBorrowed => "hours nearly always full",
        CapacityCaveat.NotObserved => "cannot be known",
        _ => caveat.ToString(),
    };

    private static async Task AskAsync(Question question)
    {
        var client = new CapacityService.CapacityServiceClient(question.Channel);
        var request = new GetCapacityAdviceRequest
        {
            Scope = question.Scope,
            Period = question.Period,
            AsOf = question.AsOf,
        };
        if (question.Get(Target) is { } percent)
        {
            request.Target = percent / 100;
        }
        var response = await Pages.AllAsync(question, request, client.GetCapacityAdviceAsync);
        await new Answer<CapacityAdvice>(response, response.Advice, Columns())
        {
            Quality = response.Quality,
            Notes =
            [
                $"To add: so that in the busiest hour at most {Say.Percent(response.Target)} of those who come find none free (Erlang B).",
                "Came: while a port was free. Time in which none was free tells nothing of how many came, and is left out.",
                .. PeriodOptions.Told(response.Period, question),
            ],
        }.ShowAsync(question);
    }
}
