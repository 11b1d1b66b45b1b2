using SmartCity.Server.Live;

namespace SmartCity.Tests.Live;

public sealed class ChangeCounterTests
{
    private readonly ChangeCounter changes = new();

    [Fact]
    public async Task Who_waits_wakes_when_a_later_change_is_announced()
    {
        var waiting = changes.WaitBeyondAsync(1, TestContext.Current.CancellationToken);
        changes.Next();
        changes.Announce();
        var early = waiting.IsCompleted;
        changes.Next();
        changes.Announce();
        await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.False(early);
    }

    [Fact]
    public void A_change_before_the_wait_is_not_missed()
    {
        changes.Next();
        changes.Announce();

        Assert.True(changes.WaitBeyondAsync(0, TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public async Task A_client_that_goes_away_waits_no_longer()
    {
        using var gone = new CancellationTokenSource();
        var waiting = changes.WaitBeyondAsync(0, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }
}
