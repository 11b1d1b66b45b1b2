using System.Globalization;
using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Counts, through public interfaces only, what became of the messages of a load run. A message is
/// <c>device,boot,seq</c>.</summary>
internal static class Account
{
    /// <summary>What the broker acknowledged, by the generator's own book.</summary>
    public static async Task<HashSet<string>> AcknowledgedAsync(string ledger) =>
        (await File.ReadAllLinesAsync(ledger)).Select(line => line[..line.LastIndexOf(',')]).ToHashSet();

    /// <summary>What is in a server's store. A message stored twice would make more messages than sequence numbers.</summary>
    public static async Task<HashSet<string>> StoredAsync(OperationsService.OperationsServiceClient operations)
    {
        var stored = new HashSet<string>();
        var request = new GetReceiptsRequest { PageSize = 1_000 };
        do
        {
            var page = await operations.GetReceiptsAsync(request);
            foreach (var receipt in page.Receipts.Where(r => r.Boot.Length > 0))
            {
                long distinct = 0;
                foreach (var range in receipt.Seqs)
                {
                    for (var seq = range.First; seq <= range.Last; seq++, distinct++)
                    {
                        stored.Add($"{receipt.DeviceId},{receipt.Boot},{seq}");
                    }
                }
                Assert.Equal(distinct, receipt.Messages);
                Assert.Equal(distinct, receipt.Records);
            }
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return stored;
    }

    /// <summary>What a server set aside.</summary>
    public static async Task<HashSet<string>> DeadAsync(OperationsService.OperationsServiceClient operations)
    {
        var dead = new HashSet<string>();
        var request = new ListDeadLettersRequest { PageSize = 1_000 };
        do
        {
            var page = await operations.ListDeadLettersAsync(request);
            foreach (var letter in page.DeadLetters)
            {
                using var payload = System.Text.Json.JsonDocument.Parse(letter.Payload.Memory);
                var id = $"{letter.DeviceId},{payload.RootElement.GetProperty("boot").GetString()}," +
                    payload.RootElement.GetProperty("seq").ToString();
                Assert.True(dead.Add(id), $"{id} is in the dead letters twice");
            }
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return dead;
    }

    /// <summary>Waits until everything received is settled.</summary>
    public static async Task<GetIngestStatusResponse> DrainedAsync(
        OperationsService.OperationsServiceClient operations, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            var status = await operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: deadline.Token);
            if (status.MessagesBehind == 0)
            {
                return status;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>Waits until a server that was just started answers.</summary>
    public static async Task ReadyAsync(
        OperationsService.OperationsServiceClient operations, ChildProcess server, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            Assert.False(server.Ended, server.Output);
            try
            {
                await operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: deadline.Token);
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable && !deadline.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            }
        }
    }

    /// <summary>A whole number from the environment: the long form of a test, or a seed to repeat.</summary>
    public static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
