using CsCheck;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Telemetry;

public sealed class RunSortTests
{
    [Fact]
    public void Anything_comes_in_order_and_equal_ones_keep_theirs() =>
        Gen.Int[0, 20].Array[0, 60].Sample(keys =>
        {
            var items = keys.Select((key, place) => (Key: key, Place: place)).ToList();
            var expected = items.OrderBy(item => item.Key).ToList();
            RunSort.Sort(items, static (a, b) => a.Key.CompareTo(b.Key));
            Assert.Equal(expected, items);
        });

    [Fact]
    public void What_is_in_order_is_looked_at_once()
    {
        var compared = 0;
        RunSort.Sort([.. Enumerable.Range(0, 100)], (a, b) =>
        {
            compared++;
            return a.CompareTo(b);
        });
        Assert.Equal(99, compared);
    }
}
