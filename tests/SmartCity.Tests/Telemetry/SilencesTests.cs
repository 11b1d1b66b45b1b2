using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Telemetry;

public sealed class SilencesTests
{
    [Fact]
    public void Gaps_longer_than_asked_for_are_told_oldest_first_and_the_last_has_no_end()
    {
        Instant[] heard = [new(500), new(0), new(100), new(100), new(301)];
        Assert.Equal(
            [new Silence("P", new(100), new Instant(301)), new Silence("P", new(500), null)],
            Silences.FromHeard(heard, "P", TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public void Who_was_never_heard_has_no_silence() => Assert.Empty(Silences.FromHeard([]));
}
