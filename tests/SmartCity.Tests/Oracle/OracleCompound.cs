using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>The ports of one compound and kind in one second.</summary>
internal struct OracleCompound
{
    private int ports;
    private int seen;
    private int down;
    private int inOrder;
    private int free;

    public void Add(PortStatus status)
    {
        var isDown = status is PortStatus.Offline or PortStatus.Unavailable or PortStatus.Faulted;
        ports++;
        seen += status is PortStatus.Unknown or PortStatus.Offline ? 0 : 1;
        down += isDown ? 1 : 0;
        inOrder += isDown || status == PortStatus.Unknown ? 0 : 1;
        free += status == PortStatus.Available ? 1 : 0;
    }

    public readonly void AddTo(OracleSums sums)
    {
        if (ports == 0)
        {
            return;
        }
        var isKnown = seen * 100 >= ports * 80;
        sums.SaturationUnknown += isKnown ? 0 : 1;
        sums.Saturated += isKnown && inOrder > 0 && free == 0 ? 1 : 0;
        sums.Blackout += down == ports ? 1 : 0;
    }
}
