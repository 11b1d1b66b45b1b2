namespace SmartCity.Domain.Registry;

/// <summary>The datum of Chinese public maps, which shifts WGS-84 by up to some 700 m by a formula known to everyone.</summary>
public static class Gcj02
{
    // Krasovsky 1940, which the formula is written for.
    private const double SemiMajorAxis = 6_378_245.0;
    private const double EccentricitySquared = 0.006_693_421_622_965_943;

    // Each step shrinks the error more than a thousandfold: after three it is below what a double can tell.
    private const int Steps = 4;

    /// <summary>The WGS-84 position of a GCJ-02 one, to well within a metre. Outside China the two are the same.</summary>
    public static GeoPoint ToWgs84(GeoPoint gcj)
    {
        var guess = gcj;
        for (var step = 0; step < Steps; step++)
        {
            var shifted = FromWgs84(guess);
            guess = new GeoPoint(guess.Lat + gcj.Lat - shifted.Lat, guess.Lon + gcj.Lon - shifted.Lon);
        }
        return guess;
    }

    /// <summary>The GCJ-02 position of a WGS-84 one. Outside China the two are the same.</summary>
    public static GeoPoint FromWgs84(GeoPoint wgs)
    {
        if (wgs.Lon is < 72.004 or > 137.8347 || wgs.Lat is < 0.8293 or > 55.8271)
        {
            return wgs;
        }
        var (x, y) = (wgs.Lon - 105.0, wgs.Lat - 35.0);
        var latitude = wgs.Lat / 180.0 * Math.PI;
        var magic = 1 - (EccentricitySquared * Math.Sin(latitude) * Math.Sin(latitude));
        var root = Math.Sqrt(magic);
        var north = NorthShift(x, y) * 180.0 / (SemiMajorAxis * (1 - EccentricitySquared) / (magic * root) * Math.PI);
        var east = EastShift(x, y) * 180.0 / (SemiMajorAxis / root * Math.Cos(latitude) * Math.PI);
        return new GeoPoint(wgs.Lat + north, wgs.Lon + east);
    }

    private static double NorthShift(double x, double y) =>
        -100.0 + (2.0 * x) + (3.0 * y) + (0.2 * y * y) + (0.1 * x * y) + (0.2 * Math.Sqrt(Math.Abs(x)))
        + Ripple(x) + (Wave(y, 20.0, 1.0) + Wave(y, 40.0, 1.0 / 3.0) + Wave(y, 160.0, 1.0 / 12.0) + Wave(y, 320.0, 1.0 / 30.0));

    private static double EastShift(double x, double y) =>
        300.0 + x + (2.0 * y) + (0.1 * x * x) + (0.1 * x * y) + (0.1 * Math.Sqrt(Math.Abs(x)))
        + Ripple(x) + (Wave(x, 20.0, 1.0) + Wave(x, 40.0, 1.0 / 3.0) + Wave(x, 150.0, 1.0 / 12.0) + Wave(x, 300.0, 1.0 / 30.0));

    private static double Ripple(double x) => Wave(x, 20.0, 6.0) + Wave(x, 20.0, 2.0);

    private static double Wave(double x, double amplitude, double frequency) =>
        amplitude * 2.0 / 3.0 * Math.Sin(x * frequency * Math.PI);
}
