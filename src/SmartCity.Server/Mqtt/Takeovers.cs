namespace SmartCity.Server.Mqtt;

/// <summary>Notices that somebody else uses our id at the broker. Two servers with one id take the session from each other for
/// ever, and each gets a part of the messages.</summary>
internal sealed class Takeovers(string clientId, TimeProvider clock)
{
    // mosquitto before 2.0.15 does not say why it closes: then a second time in a row, while it takes connections, is a sign.
    private const int Suspicious = 2;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private int closed;
    private bool told;
    private long last;

    /// <summary>The broker closed a connection that stood; <paramref name="isTold"/> when it said that another client came.</summary>
    public void Closed(bool isTold)
    {
        (closed, told) = IsOver ? (1, isTold) : (closed + 1, told || isTold);
        last = clock.GetTimestamp();
    }

    /// <summary>The broker could not be reached: it was away, and that is why it closed.</summary>
    public void Unreachable() => (closed, told) = (0, false);

    /// <summary>What is going on and what to do; null when nothing is.</summary>
    public string? InWords => IsOver || (!told && closed < Suspicious) ? null
        : told ? $"another client connected with the id {clientId}, and each gets a part of the messages: give each server its own "
            + "Mqtt:ClientId"
        : $"the broker closed the connection {closed} times without a reason, though it takes new ones: most likely another client "
            + $"has the id {clientId}, too, and each gets a part of the messages: give each server its own Mqtt:ClientId";

    private bool IsOver => closed == 0 || clock.GetElapsedTime(last) > Memory;
}
