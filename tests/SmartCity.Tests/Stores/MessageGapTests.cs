using CsCheck;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Stores;

public sealed class MessageGapTests
{
    [Fact]
    public void Missing_is_every_number_between_stored_ones_that_neither_was_stored_nor_set_aside() =>
        Gen.Select(Gen.Int[-5, 40].Array[0, 30], Gen.Int[-10, 50].Array[0, 10]).Sample((stored, aside) =>
        {
            var boot = new Boot(new BootKey(DeviceKind.Pile, "P-1", "b"), 0, default, rangesMax: 1_000);
            foreach (var number in stored)
            {
                boot.Add(number, number, default);
            }
            foreach (var number in aside)
            {
                boot.SetAside(number);
            }
            var expected = stored.Length == 0 ? [] : Enumerable.Range(stored.Min(), stored.Max() - stored.Min() + 1)
                .Except(stored).Except(aside).Select(number => (long)number).ToList();
            var missing = boot.MissingOf(boot.Seen)
                .SelectMany(hole => Enumerable.Range((int)hole.First, (int)(hole.Last - hole.First + 1)).Select(n => (long)n));
            return missing.SequenceEqual(expected);
        });

    [Fact]
    public void A_device_that_counts_in_leaps_does_not_break_the_sum() => Assert.Equal(
        long.MaxValue,
        new MessageGap(DeviceKind.Pile, "P-1", "b", default, default, [(1, long.MaxValue - 1), (-9, -2)], IsPartial: false).Count);
}
