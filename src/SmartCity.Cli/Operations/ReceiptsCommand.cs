using System.CommandLine;
using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Operations;

/// <summary><c>smartcity receipts</c></summary>
internal static class ReceiptsCommand
{
    private const int RangesShown = 5;

    private static readonly Option<string[]> Devices = CommonOptions.Ids("--device", "Only of these devices.");

    public static Command Build(Terminal terminal) => Question.Command(
        terminal,
        "receipts",
        "Which messages of each device are stored; holes in the numbers never came, or were set aside (see gaps).",
        """
        smartcity receipts --device pile-0001
        smartcity receipts --output csv
        """,
        [Devices, CommonOptions.Limit],
        AskAsync);

    private static Column<Receipt>[] Columns(TimeZoneInfo zone) =>
    [
        new("Device", r => r.DeviceId),
        new("Boot", r => Say.Text(r.Boot), 2),
        new("Messages", r => Say.Count(r.Messages), IsNumber: true),
        new("Records", r => Say.Count(r.Records), 1, IsNumber: true),
        new("Missing", r => Say.Count((long)Missing(r)) + (r.SeqsTruncated ? "+" : ""), IsNumber: true,
            Tone: r => Missing(r) > 0 ? Tone.Bad : Tone.Good),
        new("Numbers stored", Ranges, 3),
        new("First received", r => Say.Time(r.FirstReceivedTime, zone), 4),
        new("Last received", r => Say.Time(r.LastReceivedTime, zone), 1),
    ];

    // What lies between the ranges; what came before the first or is still on its way is not known to be missing.
    private static ulong Missing(Receipt receipt) =>
        receipt.Seqs.Zip(receipt.Seqs.Skip(1), (a, b) => b.First - a.Last - 1).Aggregate(0UL, (sum, hole) => sum + hole);

    private static string Ranges(Receipt receipt)
    {
        var shown = receipt.Seqs.Take(RangesShown)
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.First}-{s.Last}"));
        return Say.Text(string.Join(' ', shown) + (receipt.Seqs.Count > RangesShown ? " ..." : ""));
    }

    private static async Task AskAsync(Question question)
    {
        var client = new OperationsService.OperationsServiceClient(question.Channel);
        var request = new GetReceiptsRequest { DeviceIds = { question.Get(Devices) } };
        var response = await Pages.AllAsync(question, request, client.GetReceiptsAsync);
        await new Answer<Receipt>(response, response.Receipts, Columns(question.Zone)).ShowAsync(question);
    }
}
