using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>The one place that says which of several truths about a port is shown.</summary>
public static class DerivedStatus
{
    /// <summary>OFFLINE over UNAVAILABLE over FAULTED over what the port reported last.</summary>
    /// <param name="reported">The port's own last word; <see cref="PortStatus.Unknown"/> before the first.</param>
    /// <param name="pile">Port 0's last word; only UNAVAILABLE and FAULTED count.</param>
    /// <param name="offline">The pile is silent for too long.</param>
    /// <param name="faulted">A reported fault of severity MAJOR or above is open, past its debounce.</param>
    public static PortStatus Of(PortStatus reported, PortStatus pile, bool offline, bool faulted)
    {
        if (offline)
        {
            return PortStatus.Offline;
        }
        if (reported == PortStatus.Unavailable || pile == PortStatus.Unavailable)
        {
            return PortStatus.Unavailable;
        }
        if (faulted || reported == PortStatus.Faulted || pile == PortStatus.Faulted)
        {
            return PortStatus.Faulted;
        }
        // A device cannot know that it is offline.
        return reported == PortStatus.Offline ? PortStatus.Unknown : reported;
    }

    /// <summary>How long a pile may be silent before its ports count as offline: three reports, at least 180 s.</summary>
    public static TimeSpan OfflineAfter(TimeSpan reportInterval) =>
        reportInterval * 3 > TimeSpan.FromSeconds(180) ? reportInterval * 3 : TimeSpan.FromSeconds(180);
}
