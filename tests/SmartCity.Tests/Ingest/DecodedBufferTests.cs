using Microsoft.Extensions.Time.Testing;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Ingest;
using SmartCity.Storage.Journal;

namespace SmartCity.Tests.Ingest;

public sealed class DecodedBufferTests
{
    private const int Capacity = 10;

    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly DecodedBuffer buffer;
    private readonly Instant received;
    private long next;

    public DecodedBufferTests() => (buffer, received) = (new DecodedBuffer(Capacity, clock), Instant.From(clock.GetUtcNow()));

    [Fact]
    public async Task A_full_buffer_is_waited_for_while_the_store_follows()
    {
        await FillAsync();
        for (var round = 0; round < 20; round++)
        {
            var offer = OfferAsync();
            Assert.False(offer.IsCompleted);
            Take(Capacity / 2);
            await offer;
            await FillAsync();
        }
        Assert.Equal(Enumerable.Range((int)next - Capacity, Capacity).Select(p => (long)p), Take(Capacity));
    }

    [Fact]
    public async Task A_store_that_makes_no_room_is_waited_for_once()
    {
        await FillAsync();
        var offer = OfferAsync();
        clock.Advance(DecodedBuffer.StallMax);
        await offer;
        Assert.Equal((Capacity, (long)Capacity), (buffer.Count, buffer.Last));

        Assert.True(OfferAsync().IsCompletedSuccessfully); // Left out at once: the store is behind the first hole.
        Take(1);
        await OfferAsync();
        Assert.True(OfferAsync().IsCompletedSuccessfully); // Full again, and the store still takes what lay before the hole.

        Take(Capacity);
        await FillAsync();
        Take(1); // What was put in after the last hole is taken: it follows again.
        await FillAsync();
        offer = OfferAsync();
        Assert.False(offer.IsCompleted);
        Take(Capacity / 2);
        await offer;
        Assert.Equal(buffer.Last, Take(Capacity)[^1]);
    }

    [Fact]
    public async Task A_slow_store_delays_the_live_state_by_no_more_than_a_few_seconds()
    {
        await FillAsync();
        var (rounds, late) = (0, clock.GetUtcNow());
        for (; rounds < 100; rounds++)
        {
            var offer = OfferAsync();
            if (offer.IsCompleted)
            {
                break;
            }
            clock.Advance(DecodedBuffer.StallMax / 2);
            Take(Capacity / 2);
            await offer;
            await FillAsync();
        }
        Assert.Equal(DecodedBuffer.LateMax, clock.GetUtcNow() - late);
        Take(Capacity);
        await OfferAsync();
        Take(1);
        await FillAsync();
        Assert.True(OfferAsync().IsCompletedSuccessfully); // It follows again, but what comes is as late as it was.

        Take(Capacity);
        await OfferAsync(fresh: true);
        Take(1);
        await FillAsync(fresh: true);
        Assert.False(OfferAsync(fresh: true).IsCompleted);
    }

    [Fact]
    public async Task Messages_that_wait_are_bounded_in_bytes()
    {
        var large = new DecodedBuffer(capacity: 50_000, clock);
        var payload = new byte[64 * 1024];
        var offer = Task.CompletedTask;
        for (var position = 0L; offer.IsCompleted; position++)
        {
            offer = large.OfferAsync(Decoded(position, payload, received), TestContext.Current.CancellationToken).AsTask();
        }
        Assert.Equal(64 * 1024 * 1024 / payload.Length, large.Count);
        for (var left = large.Count; left > 512; left--)
        {
            Assert.False(offer.IsCompleted);
            Assert.True(large.TryTake(out _));
        }
        await offer;
        Assert.Equal(513, large.Count);
    }

    private static Decoded Decoded(long position, byte[] payload, Instant received) => new(
        new JournalMessage(position, new JournalEntry("t", payload, payload.Length, null, "P-1", received, null)), [], []);

    private async Task FillAsync(bool fresh = false)
    {
        while (buffer.Count < Capacity)
        {
            await OfferAsync(fresh);
        }
    }

    private Task OfferAsync(bool fresh = false) => buffer.OfferAsync(
        Decoded(next++, [], fresh ? Instant.From(clock.GetUtcNow()) : received), TestContext.Current.CancellationToken).AsTask();

    private List<long> Take(int count)
    {
        var taken = new List<long>();
        while (taken.Count < count && buffer.TryTake(out var decoded))
        {
            taken.Add(decoded.Position);
        }
        return taken;
    }
}
