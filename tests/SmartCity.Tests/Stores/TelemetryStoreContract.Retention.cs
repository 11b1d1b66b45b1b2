using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

// What is deleted on purpose.
public abstract partial class TelemetryStoreContract
{
    [Fact]
    public async Task Deleted_meter_values_are_gone_and_said_to_be_and_known_as_sent()
    {
        var (first, second) = (MeterMessage("p1", 0, 1), MeterMessage("p1", 60, 2));
        var status = Message(DeviceKind.Pile, Channel.Status, new StatusRecord(Stamp("p1", At(1), 3), 1, PortStatus.Available, null, null));
        List<Receipt> receipts;
        await using (var store = Make())
        {
            await store.OpenAsync(Token);
            Assert.Equal((null, null), await store.ReadFirstAsync(Channel.Meter, Token));
            await store.AppendAsync(new TelemetryBatch([first, second, status], 3), Token);
            Assert.Equal((At(0), At(0)), await store.ReadFirstAsync(Channel.Meter, Token));
            Assert.Equal((At(0), null), await store.ReadFirstAsync(Channel.Position, Token));
            Assert.Equal(Instant.Min, store.DeletedUntil(Channel.Meter));
            receipts = await store.ReadReceiptsAsync(null, Token).ToListAsync(Token);
            await store.DeleteAsync(Channel.Meter, At(60), Token);
            await ExpectAsync(store);
        }
        await using var again = Make();
        await again.OpenAsync(Token);
        await ExpectAsync(again);
        await again.DeleteAsync(Channel.Meter, At(30), Token); // It never goes back.
        Assert.Equal(At(60), again.DeletedUntil(Channel.Meter));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => again.DeleteAsync(Channel.Fault, At(60), Token).AsTask());

        async Task ExpectAsync(ITelemetryStore store)
        {
            Assert.Equal((At(60), Instant.Min), (store.DeletedUntil(Channel.Meter), store.DeletedUntil(Channel.Position)));
            Assert.Equal([At(60)], (await AllAsync(store.ReadAsync<MeterRecord>(Piles, Token))).Select(r => r.Stamp.Time));
            Assert.Single(await AllAsync(store.ReadAsync<StatusRecord>(Piles, Token)));
            Assert.Equal((At(0), At(60)), await store.ReadFirstAsync(Channel.Meter, Token));
            Assert.Equivalent(receipts, await store.ReadReceiptsAsync(null, Token).ToListAsync(Token), strict: true);
            var key = new MessageKey(DeviceKind.Pile, "p1", first.Boot, first.Sequence!.Value);
            Assert.Equal([first.Hash], (await store.FindMessagesAsync([key], Token))[key]);
        }
    }
}
