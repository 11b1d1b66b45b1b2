using CsCheck;
using SmartCity.Domain.Registry;

namespace SmartCity.Tests.Registry;

public sealed class Gcj02Tests
{
    private const double MetresPerDegree = 111_320;

    [Fact]
    public void A_well_known_position_is_shifted_as_maps_shift_it()
    {
        var shifted = Gcj02.FromWgs84(new GeoPoint(39.915, 116.404));
        Assert.Equal(39.91640428150164, shifted.Lat, 9);
        Assert.Equal(116.41024449916938, shifted.Lon, 9);
    }

    [Fact]
    public void There_and_back_is_the_same_place_within_a_metre() =>
        Gen.Select(Gen.Double[18.2, 53.5], Gen.Double[73.6, 135.0]).Sample((lat, lon) =>
        {
            var back = Gcj02.ToWgs84(Gcj02.FromWgs84(new GeoPoint(lat, lon)));
            return Math.Abs(back.Lat - lat) * MetresPerDegree < 0.001 && Math.Abs(back.Lon - lon) * MetresPerDegree < 0.001;
        });

    [Fact]
    public void Outside_China_nothing_is_shifted() =>
        Assert.Equal(new GeoPoint(52.5, 13.4), Gcj02.ToWgs84(new GeoPoint(52.5, 13.4)));
}
