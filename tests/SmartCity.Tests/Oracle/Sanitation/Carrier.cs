namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>A device that makes messages of what was measured, with lies of its clock, power-ups, late and repeated
/// deliveries.</summary>
internal sealed class Carrier(Random random, int device)
{
    private readonly List<Delivery> deliveries = [];
    private int? boot = 0;
    private int boots;
    private long sequence;
    private long error;

    public List<Delivery> Carry(IEnumerable<(long At, object What)> measured)
    {
        var left = new Queue<(long At, object What)>(measured.OrderBy(m => m.At));
        while (left.Count > 0)
        {
            if (random.Next(60) == 0)
            {
                boot = random.Next(6) == 0 ? null : ++boots;
                error = random.Next(3) == 0 ? random.Next(-600, 300) : 0; // A wrong clock that is believed.
            }
            var message = new List<(long At, object What)>();
            for (var count = Math.Min(random.Next(1, 5), left.Count); count > 0; count--)
            {
                message.Add(left.Dequeue());
            }
            Send(message);
        }
        return deliveries;
    }

    private void Send(List<(long At, object What)> message)
    {
        var number = boot is null ? random.NextInt64(1, long.MaxValue) : sequence++;
        var received = message[^1].At + (random.Next(12) == 0 ? random.Next(1, 20_000) : random.Next(0, 4));
        var wrong = random.Next(80) switch
        {
            0 => -message[0].At + random.Next(100_000), // It woke up in 1970.
            1 => received + 300 - message[0].At, // The most that is believed.
            2 => received + 301 - message[0].At,
            _ => error,
        };
        long? sentAt = random.Next(3) == 0 ? null : received + wrong - random.Next(2);
        for (ushort i = 0; i < message.Count; i++)
        {
            deliveries.Add(new Delivery(device, boot, number, i, message[i].At + wrong, sentAt, received, message[i].What));
        }
        if (random.Next(12) == 0)
        {
            var again = received + random.Next(1, 3600);
            deliveries.AddRange(deliveries[^message.Count..].ConvertAll(d => d with { Received = again }));
        }
    }
}
