using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Operations;

/// <summary><c>smartcity gaps</c></summary>
internal static class GapsCommand
{
    private const int RangesShown = 5;

    private static readonly Option<string[]> Devices = CommonOptions.Ids("--device", "Only of these devices.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "gaps",
        "Messages that never came, or not yet: numbers missing between those of a device that did come.",
        """
        smartcity gaps
        smartcity gaps --device pile-0001 --output csv
        """,
        [Devices, CommonOptions.Limit],
        AskAsync);

    private static Column<Gap>[] Columns(TimeZoneInfo zone) =>
    [
        new("Device 设备", g => g.DeviceId),
        new("Boot", g => Say.Text(g.Boot), 2),
        new("Missing 缺失", g => Say.Count(g.Missing), IsNumber: true, Tone: _ => Tone.Bad),
        new("Numbers missing", Ranges),
        new("First received", g => Say.Time(g.FirstReceivedTime, zone), 4),
        new("Last received", g => Say.Time(g.LastReceivedTime, zone), 1),
    ];

    private static string Ranges(Gap gap)
    {
        var shown = gap.Seqs.Take(RangesShown).Select(s => s.First == s.Last
            ? s.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{s.First}-{s.Last}"));
        return string.Join(' ', shown) + (gap.Seqs.Count > RangesShown ? " ..." : "");
    }

    private static async Task AskAsync(Question question)
    {
        var client = new OperationsService.OperationsServiceClient(question.Channel);
        var request = new ListGapsRequest { DeviceIds = { question.Get(Devices) } };
        var response = await Pages.AllAsync(question, request, client.ListGapsAsync);
        var answer = new Answer<Gap>(response, response.Gaps, Columns(question.Zone))
        {
            Nothing = "No number is missing between those that came.",
            Notes = response.Gaps.Count > 0
                ? [$"In all {Say.Count(response.TotalMissing)}. Some may wait in a device's outbox and come yet."] : [],
        };
        await answer.ShowAsync(question);
    }
}
