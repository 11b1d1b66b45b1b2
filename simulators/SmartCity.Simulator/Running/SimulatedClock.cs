namespace SmartCity.Simulator.Running;

/// <summary>
/// The simulation's true time. Faster than life it starts in the past and becomes the present once it has caught up: devices
/// cannot report the future.
/// </summary>
internal sealed class SimulatedClock(TimeProvider clock, long start, double speed)
{
    private const long PresentMs = 1000;
    private readonly long realStart = clock.GetUtcNow().ToUnixTimeMilliseconds();

    public long Now
    {
        get
        {
            var real = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return Math.Min(real, start + (long)((real - realStart) * speed));
        }
    }

    /// <summary>Whether the simulation has caught up with the world.</summary>
    public bool IsPresent => clock.GetUtcNow().ToUnixTimeMilliseconds() - Now < PresentMs;

    /// <summary>How long to wait, in real time, until the simulation is at <paramref name="at"/>.</summary>
    public TimeSpan Until(long at) => TimeSpan.FromMilliseconds(Math.Max(0, (at - Now) / speed));
}
