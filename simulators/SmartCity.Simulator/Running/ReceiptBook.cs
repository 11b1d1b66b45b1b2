using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Simulator.Running;

/// <summary>What the server says it has stored, so that nothing is sent for nothing.</summary>
internal sealed class ReceiptBook
{
    private const int PageSize = 10_000;
    private readonly Dictionary<(string Device, string Boot), IReadOnlyList<SeqRange>> stored = [];

    /// <summary>Asks for the receipts of all devices.</summary>
    public static async Task<ReceiptBook> ReadAsync(ChannelBase server, CancellationToken cancellation)
    {
        var client = new OperationsService.OperationsServiceClient(server);
        var book = new ReceiptBook();
        var request = new GetReceiptsRequest { PageSize = PageSize };
        do
        {
            var page = await client.GetReceiptsAsync(request, cancellationToken: cancellation);
            foreach (var receipt in page.Receipts)
            {
                book.stored[(receipt.DeviceId, receipt.Boot)] = receipt.Seqs;
            }
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return book;
    }

    /// <summary>Whether anything of a power-up is stored.</summary>
    public bool HasAny(string device, string boot) => stored.ContainsKey((device, boot));

    public bool Has(string device, string boot, ulong seq) =>
        stored.TryGetValue((device, boot), out var ranges) && ranges.Any(r => seq >= r.First && seq <= r.Last);
}
