namespace SmartCity.Tests.Oracle;

/// <summary>A record with the moment at which it happened.</summary>
internal sealed record OracleRecord(long At, bool Refused, Delivery Delivery);

/// <summary>Event time and order, as the rules say.</summary>
internal static class OracleRecords
{
    private static readonly long Oldest = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>A pile's records up to the evaluation, each once, in order. Wills are outside.</summary>
    public static List<OracleRecord> Of(OracleWorld world, int pile)
    {
        var own = world.Deliveries.Where(d => d.Pile == pile && d.What is not Gone).ToList();
        var bootReceived = own.Where(d => d.Boot is not null).GroupBy(d => d.Boot!.Value)
            .ToDictionary(g => g.Key, g => g.Min(d => d.Received));
        return
        [
            .. own.GroupBy(d => (d.Boot, d.Sequence, d.Index)).Select(deliveries => Dated(deliveries.MinBy(d => d.Received)!))
                .Where(r => r.At <= world.Evaluation)
                .OrderBy(r => r.At)
                .ThenBy(r => r.Delivery.Boot is { } boot ? bootReceived[boot] : 0)
                .ThenBy(r => r.Delivery.Sequence)
                .ThenBy(r => r.Delivery.Index),
        ];
    }

    public static IEnumerable<long> Wills(OracleWorld world, int pile) =>
        world.Deliveries.Where(d => d.Pile == pile && d.What is Gone && d.Received <= world.Evaluation).Select(d => d.Received);

    private static OracleRecord Dated(Delivery delivery)
    {
        if (delivery.Time >= Oldest && delivery.Time <= delivery.Received + 300)
        {
            return new OracleRecord(delivery.Time, false, delivery);
        }
        var waited = delivery.SentAt - delivery.Time;
        return new OracleRecord(delivery.Received - (waited is >= 0 and <= 90 * 86_400 ? waited.Value : 0), true, delivery);
    }
}
