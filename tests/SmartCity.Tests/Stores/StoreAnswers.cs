using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Stores;

/// <summary>Asks two stores everything that a store can be asked.</summary>
internal static class StoreAnswers
{
    public static async Task AssertSameAsync(
        ITelemetryStore one, ITelemetryStore other, RandomMessages story, Random random, CancellationToken token)
    {
        for (var i = 0; i < 2; i++)
        {
            var (a, b) = (story.Moment(), story.Moment());
            var query = new RecordQuery(
                (DeviceKind)random.Next(1, 4), random.Next(3) == 0 ? null : ["d0", "d2", "nobody"],
                Instant.Earlier(a, b), Instant.Later(a, b),
                random.Next(2) == 0 ? Instant.Max : story.Moment(), random.Next(2) == 0 ? null : story.Moment());
            await SameAsync<StatusRecord>();
            await SameAsync<MeterRecord>();
            await SameAsync<EnergySample>();
            await SameAsync<SensorSample>();
            await SameAsync<SessionRecord>();
            await SameAsync<FaultRecord>();
            await SameAsync<ConnRecord>();
            await SameAsync<GoneRecord>();
            await SameAsync<PositionRecord>();
            await SameAsync<EvidenceRecord>();
            await SameAsync<BinRecord>();
            Assert.Equal(
                await one.ReadSilencesAsync(query, TimeSpan.FromSeconds(5), token).ToListAsync(token),
                await other.ReadSilencesAsync(query, TimeSpan.FromSeconds(5), token).ToListAsync(token));
            Assert.Equal(await one.ReadLatestReceivedAsync(query, token), await other.ReadLatestReceivedAsync(query, token));
            Assert.Equal(
                one.ReadCollectionsChange(query.From, query.Until).LatestReceived,
                other.ReadCollectionsChange(query.From, query.Until).LatestReceived);

            async Task SameAsync<T>() where T : struct, ITelemetryRecord
            {
                Assert.Equal(
                    await one.ReadAsync<T>(query, token).ToListAsync(token), await other.ReadAsync<T>(query, token).ToListAsync(token));
                Assert.Equal(
                    await one.ReadLastBeforeAsync<T>(query, token).ToListAsync(token),
                    await other.ReadLastBeforeAsync<T>(query, token).ToListAsync(token));
            }
        }
        var keys = story.Sent.Select(m => new MessageKey(m.Kind, m.Device, m.Boot, m.Sequence ?? (long)m.Hash)).Distinct().ToList();
        var (found, foundToo) = (await one.FindMessagesAsync(keys, token), await other.FindMessagesAsync(keys, token));
        Assert.All(keys, key => Assert.Equal(found[key].Order(), foundToo[key].Order()));
        var receipts = await one.ReadReceiptsAsync(null, token).ToListAsync(token);
        Assert.Equivalent(receipts, await other.ReadReceiptsAsync(null, token).ToListAsync(token), strict: true);
        Assert.Equal(await one.ReadCountsAsync(token), await other.ReadCountsAsync(token));
    }
}
