using CsCheck;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;

namespace SmartCity.Tests.Stores;

public sealed class SilenceRunTests
{
    [Fact]
    public void Moments_in_any_order_and_number_have_the_silences_of_the_plain_definition() => Gen.Select(
        Gen.Long[-50, 200].Array[0, 30], Gen.Long[0, 40], Gen.Long[-60, 220]).Sample((moments, longerThan, from) =>
        {
            var gap = TimeSpan.FromMilliseconds(longerThan);
            var expected = Silences.FromHeard(moments.Select(moment => new Instant(moment)), "P", gap)
                .Where(silence => silence.Until is not { } until || until > new Instant(from));
            var run = new SilenceRun(gap);
            foreach (var moment in moments)
            {
                run.Add(moment);
            }
            Assert.Equal(expected, run.After("P", new Instant(from)));
        });
}
