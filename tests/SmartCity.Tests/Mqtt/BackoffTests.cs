using CsCheck;
using SmartCity.Server.Mqtt;

namespace SmartCity.Tests.Mqtt;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_lie_between_half_a_second_and_a_bound_that_doubles_up_to_30_seconds() =>
        Gen.Select(Gen.Int[1, 1_000], Gen.Int).Sample((failures, seed) =>
        {
            var wait = Backoff.After(failures, new Random(seed)).TotalSeconds;
            return wait >= 0.5 && wait <= Math.Min(30, 0.5 * Math.Pow(2, Math.Min(failures, 16)));
        });

    [Fact]
    public void Two_that_fail_together_do_not_come_back_together() =>
        Assert.NotEqual(Backoff.After(5, new Random(1)), Backoff.After(5, new Random(2)));
}
