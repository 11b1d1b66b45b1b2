using CsCheck;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Telemetry;

public sealed class EventTimeTests
{
    private static readonly Instant Received = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly Gen<long> AnyTime = Gen.OneOf(
        Gen.Long,
        Gen.OneOf(Gen.Const(long.MinValue), Gen.Const(long.MinValue + 1), Gen.Const(0L), Gen.Const(1L), Gen.Const(long.MaxValue)));

    [Fact]
    public void Whatever_a_device_says_the_event_lies_in_the_span_that_can_be() =>
        Gen.Select(AnyTime, AnyTime).Sample((time, sentAt) =>
        {
            var (dated, flags) = EventTime.Of(new Instant(time), new Instant(sentAt), Received);
            Assert.InRange(
                dated.Milliseconds,
                (flags & StampFlags.ClockRefused) != 0 ? (Received - EventTime.WaitMax).Milliseconds : EventTime.Oldest.Milliseconds,
                (Received + EventTime.AheadMax).Milliseconds);
        });

    [Fact]
    public void A_span_that_no_number_holds_dates_nothing() =>
        Assert.Equal(
            (Received, StampFlags.ClockRefused | StampFlags.Undatable),
            EventTime.Of(new Instant(long.MinValue), new Instant(1), Received));
}
