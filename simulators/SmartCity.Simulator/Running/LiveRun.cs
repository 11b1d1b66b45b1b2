using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Truth;

namespace SmartCity.Simulator.Running;

/// <summary>Sends every message when its device would, and breaks the connections when their radio links do.</summary>
internal sealed class LiveRun(
    City city, DeviceFleet fleet, ReceiptBook? receipts, TruthFile? truth, SimulatedClock clock, TimeProvider time)
{
    private const long LateMs = 30_000, LoadAheadMs = 2 * CityTime.MinuteMs;
    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(1);
    private readonly PriorityQueue<Step, long> steps = new();
    private int nextDay;

    /// <summary>Runs until told to stop. What the day had before is sent first, as from an outbox.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        nextDay = CityTime.DayOf(clock.Now);
        var start = clock.Now;
        while (true)
        {
            while (CityTime.StartOf(nextDay) <= clock.Now + LoadAheadMs)
            {
                Load(nextDay++, start);
            }
            while (steps.TryPeek(out _, out var at) && at <= clock.Now)
            {
                await TakeAsync(steps.Dequeue(), stopping);
            }
            var wait = steps.TryPeek(out _, out var next) ? clock.Until(next) : StepMax;
            await Task.Delay(wait < StepMax ? wait : StepMax, time, stopping);
        }
    }

    private void Load(int day, long start)
    {
        city.Prepare(day, day + 1);
        foreach (var device in city.Devices)
        {
            var written = city.Write(device, day);
            foreach (var message in Deliveries.Of(Packer.Live(written), city.Plan.Seed, device.Id, day))
            {
                if (!(receipts?.Has(message.Device, message.Boot, message.Seq) ?? false))
                {
                    steps.Enqueue(new Step(device.Id, message, Drops: false), message.SendAt);
                }
            }
            foreach (var gap in written.Gaps.Where(g => g.Until > start))
            {
                steps.Enqueue(new Step(device.Id, null, Drops: true), gap.From);
                steps.Enqueue(new Step(device.Id, null, Drops: false), gap.Until);
            }
        }
        truth?.WriteDay(city, day);
    }

    private async ValueTask TakeAsync(Step step, CancellationToken stopping)
    {
        if (step.Message is { } message)
        {
            var late = message.Buffered || clock.Now - message.SendAt > LateMs;
            await fleet.PostAsync(message, clock.Now, late, protobuf: late, stopping);
        }
        else if (step.Drops)
        {
            // The broker dates the Will of a broken link by its own clock: only the present has breaks.
            if (clock.IsPresent)
            {
                fleet.Drop(step.Device);
            }
        }
        else
        {
            fleet.Resume(step.Device);
        }
    }

    /// <summary>A message to be sent; or a link that breaks or comes back.</summary>
    private readonly record struct Step(string Device, DeviceMessage? Message, bool Drops);
}
