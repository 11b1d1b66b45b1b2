using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Truth;

namespace SmartCity.Simulator.Running;

/// <summary>
/// Sends past days as outboxes do: day by day, all devices at once, as fast as they are acknowledged. A day that was partly sent
/// while it happened is completed as it was begun.
/// </summary>
/// <param name="datedOnly">Leaves out what a device dated 1970: sent later, it would all seem to happen now.</param>
internal sealed class Backfill(City city, DeviceFleet fleet, ReceiptBook? receipts, TruthFile? truth, bool datedOnly = false)
{
    private long skipped;

    /// <summary>Messages that the server had already.</summary>
    public long Skipped => Volatile.Read(ref skipped);

    /// <summary>The day in hand; 0 before the first and after the last.</summary>
    public int Day { get; private set; }

    /// <summary>Sends the local days [from, until). The city has been prepared for them.</summary>
    /// <param name="now">The true time, for devices that tell when they send.</param>
    public async Task SendAsync(int from, int until, long now, CancellationToken cancellation)
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation,
        };
        for (Day = from; Day < until; Day++)
        {
            await Parallel.ForEachAsync(city.Devices, options, (device, ct) => SendAsync(device, Day, now, ct));
            truth?.WriteDay(city, Day);
        }
        Day = 0;
        await fleet.DrainAsync(cancellation);
    }

    private async ValueTask SendAsync(CityDevice device, int day, long now, CancellationToken cancellation)
    {
        if (datedOnly && DeviceClock.IsUnset(device.Id, day))
        {
            return;
        }
        var begunLive = receipts?.HasAny(device.Id, Packer.LiveBoot(day)) ?? false;
        var written = city.Write(device, day);
        var packed = begunLive ? Packer.Live(written) : Packer.Past(written);
        foreach (var message in Deliveries.Of(packed, city.Plan.Seed, device.Id, day))
        {
            if (receipts?.Has(message.Device, message.Boot, message.Seq) ?? false)
            {
                Interlocked.Increment(ref skipped);
                continue;
            }
            await fleet.PostAsync(message, now, buffered: true, protobuf: true, cancellation);
        }
    }
}
