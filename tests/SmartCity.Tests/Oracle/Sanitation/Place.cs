using SmartCity.Domain.Registry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Metres east and north of the depot.</summary>
internal readonly record struct Place(double East, double North)
{
    private const double Degree = 111_195;

    public GeoPoint ToGeo() => new(43.85 + (North / Degree), 126.55 + (East / Degree / Math.Cos(43.85 * Math.PI / 180)));

    public Place Off(Random random, double metres)
    {
        var (angle, distance) = (random.NextDouble() * 2 * Math.PI, metres);
        return new Place(East + (distance * Math.Cos(angle)), North + (distance * Math.Sin(angle)));
    }
}
