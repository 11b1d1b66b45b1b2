using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>Makes up what a pile may say in a quarter of an hour or so, all in whole seconds.</summary>
internal static class RandomStory
{
    public const int Seconds = 1200;
    private static readonly int[] Codes = [101, 201, 204, 208, 209, 210, 501, 4711];

    public static PileStory Of(int seed)
    {
        var random = new Random(seed);
        var story = new PileStory(ports: random.Next(1, 4), ratedW: random.Next(3) == 0 ? null : 2000);
        if (random.Next(2) == 0)
        {
            var first = random.Next(Seconds / 2);
            var end = first + random.Next(1, Seconds);
            story.Valid(first, end).Valid(end + (random.Next(2) * random.Next(100)), null, ports: random.Next(1, 4));
        }
        AddHeard(story, random);
        AddStatuses(story, random);
        AddFaults(story, random);
        AddSessions(story, random);
        for (var i = random.Next(3); i > 0; i--)
        {
            story.Will(random.Next(Seconds));
        }
        return story;
    }

    private static void AddHeard(PileStory story, Random random)
    {
        for (var second = 0; second < Seconds; second += random.Next(20, random.Next(2) == 0 ? 100 : 700))
        {
            story.Heard(second);
        }
    }

    private static void AddStatuses(PileStory story, Random random)
    {
        for (var i = random.Next(20); i > 0; i--)
        {
            story.Status(random.Next(Seconds), random.Next(4), (PortStatus)random.Next(11));
        }
    }

    private static void AddFaults(PileStory story, Random random)
    {
        for (var i = random.Next(12); i > 0; i--)
        {
            var code = Codes[random.Next(Codes.Length)];
            story.Fault(random.Next(Seconds), random.Next(3), code, (FaultEvent)random.Next(1, 3));
        }
    }

    private static void AddSessions(PileStory story, Random random)
    {
        var energy = 0.0;
        for (var i = random.Next(30); i > 0; i--)
        {
            var id = "S" + random.Next(4);
            var port = random.Next(1, 3);
            var second = random.Next(Seconds);
            if (random.Next(3) == 0)
            {
                double? total = random.Next(2) == 0 ? random.Next(50) : null;
                story.Session(second, id, (SessionEvent)random.Next(6), total, port: port);
            }
            else
            {
                energy = random.Next(5) == 0 ? random.Next(200) : energy + random.Next(5);
                story.Sample(second, random.Next(2) == 0 ? id : null, energy, port);
            }
        }
    }
}
