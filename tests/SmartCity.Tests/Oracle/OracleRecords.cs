namespace SmartCity.Tests.Oracle;

/// <summary>A record with the moment at which it happened.</summary>
/// <param name="Refused">Its device's clock was refused.</param>
/// <param name="Undatable">... and nothing but its arrival dates it.</param>
internal sealed record OracleRecord(long At, bool Refused, bool Undatable, Delivery Delivery);

/// <summary>Event time and order, as the rules say.</summary>
internal static class OracleRecords
{
    private static readonly long Oldest = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>A pile's records up to the evaluation, each once, in order. Wills are outside.</summary>
    public static List<OracleRecord> Of(OracleWorld world, int pile) => Of(world.Deliveries, pile, world.Evaluation);

    /// <summary>The same of any device.</summary>
    public static List<OracleRecord> Of(IEnumerable<Delivery> deliveries, int device, long evaluation)
    {
        var own = deliveries.Where(d => d.Pile == device && d.What is not Gone).ToList();
        var bootReceived = own.Where(d => d.Boot is not null).GroupBy(d => d.Boot!.Value)
            .ToDictionary(g => g.Key, g => g.Min(d => d.Received));
        return
        [
            .. own.GroupBy(d => (d.Boot, d.Sequence, d.Index)).Select(deliveries => Dated(deliveries.MinBy(d => d.Received)!))
                .Where(r => r.At <= evaluation)
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
            return new OracleRecord(delivery.Time, false, false, delivery);
        }
        var waited = delivery.SentAt - delivery.Time;
        var isDated = waited is >= 0 and <= 90 * 86_400;
        return new OracleRecord(delivery.Received - (isDated ? waited!.Value : 0), true, !isDated, delivery);
    }
}
