namespace SmartCity.Domain.Charging;

/// <summary>Which group the versions of one pile count in.</summary>
/// <param name="FirstOfVersion">Per version the group, or, by port, the group of port 1; -1: out of scope.</param>
/// <param name="ByPort">Each port is a group of its own.</param>
public sealed record PileGroups(IReadOnlyList<int> FirstOfVersion, bool ByPort)
{
    /// <summary>The group of a port in a version; -1 when it is not asked for.</summary>
    public int Of(int version, int port)
    {
        var first = version < 0 ? -1 : FirstOfVersion[version];
        return ByPort && first >= 0 ? first + port - 1 : first;
    }
}
