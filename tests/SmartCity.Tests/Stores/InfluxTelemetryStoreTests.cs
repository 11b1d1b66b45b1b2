using System.Net;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Stores;

/// <summary>The store's promises, kept with a real InfluxDB 1.6.7.</summary>
public sealed class InfluxTelemetryStoreTests : TelemetryStoreContract, IAsyncLifetime
{
    private string url = "";

    public async ValueTask InitializeAsync() => url = (await SharedInflux.ServerAsync()).Url;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_point_that_is_still_being_written_is_not_read()
    {
        await using var store = Make(Directory);
        await store.OpenAsync(Token);
        await store.AppendAsync(new TelemetryBatch([Telemetry.MeterMessage("p1", 0, 1)], 7), Token);
        using var client = new HttpClient();
        // InfluxDB shows some fields of a point before the others.
        using var half = new StringContent(
            $"meter,device=p1,instance=one,kind=pile,port=1 received=1i,position=7i {Telemetry.At(5).Milliseconds}000000");
        using var answer = await client.PostAsync(
            new Uri($"{url}/write?db={InfluxStores.DatabaseOf(Directory)}&precision=ns"), half, Token);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(1, Assert.Single(await AllAsync(store.ReadAsync<MeterRecord>(Piles, Token))).Stamp.Sequence);
    }

    [Fact]
    public async Task An_index_beside_another_database_is_told_and_left_alone()
    {
        await using (var store = Make(Directory))
        {
            await store.OpenAsync(Token);
            await store.AppendAsync(new TelemetryBatch([Telemetry.MeterMessage("p1", 0, 1)], 1), Token);
        }
        await using (var mistaken = InfluxStores.Make(url, Directory, o => o.RollupDatabase += "_other"))
        {
            var told = await Assert.ThrowsAsync<StoreUnavailableException>(() => mistaken.OpenAsync(Token).AsTask());
            Assert.Contains("Store:InfluxDb:Url, :Database, :RollupDatabase or :Instance", told.Message, StringComparison.Ordinal);
        }
        await using var again = Make(Directory);
        Assert.Equal(1, await again.OpenAsync(Token));
    }

    private protected override ITelemetryStore Make(TempDirectory directory) => InfluxStores.Make(url, directory);
}
