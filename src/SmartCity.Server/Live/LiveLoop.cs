namespace SmartCity.Server.Live;

/// <summary>Keeps the live state abreast of time and tells those who watch: silence changes states without any message.</summary>
internal sealed class LiveLoop(LiveCity city, TimeProvider clock) : BackgroundService
{
    /// <summary>How often changes are looked for; those of one port in between are told as one.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            city.Refresh();
        }
    }
}
