namespace SmartCity.Simulator.District;

/// <summary>Metres east and north of the district's centre.</summary>
internal readonly record struct Place(double EastM, double NorthM)
{
    private const double MetresPerDegree = 111_320;
    private static readonly double MetresPerDegreeEast =
        MetresPerDegree * Math.Cos(Assumptions.CentreLat * Math.PI / 180);

    public double Lat => Assumptions.CentreLat + (NorthM / MetresPerDegree);

    public double Lon => Assumptions.CentreLon + (EastM / MetresPerDegreeEast);

    /// <summary>The place with these WGS-84 degrees.</summary>
    public static Place At(double lat, double lon) => new(
        (lon - Assumptions.CentreLon) * MetresPerDegreeEast, (lat - Assumptions.CentreLat) * MetresPerDegree);

    public double DistanceTo(Place other) =>
        Math.Sqrt(((EastM - other.EastM) * (EastM - other.EastM)) + ((NorthM - other.NorthM) * (NorthM - other.NorthM)));

    /// <summary>0 is north, clockwise.</summary>
    public double HeadingTo(Place other) =>
        ((Math.Atan2(other.EastM - EastM, other.NorthM - NorthM) * 180 / Math.PI) + 360) % 360;

    public Place Toward(Place other, double share) =>
        new(EastM + ((other.EastM - EastM) * share), NorthM + ((other.NorthM - NorthM) * share));

    public Place Moved(double eastM, double northM) => new(EastM + eastM, NorthM + northM);
}
