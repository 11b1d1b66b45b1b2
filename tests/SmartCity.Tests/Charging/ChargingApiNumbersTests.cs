using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Charging;

public sealed class ChargingApiNumbersTests
{
    [Fact]
    public void Severities_and_buckets_have_the_numbers_of_the_wire()
    {
        Assert.Equal(
            Enum.GetValues<FaultSeverity>().Where(s => s != FaultSeverity.Unspecified).Select(s => ((int)s, s.ToString())),
            Enum.GetValues<Severity>().Select(s => ((int)s, s.ToString())));
        Assert.Equal(
            Enum.GetValues<Bucket>().Select(b => ((int)b, b == Bucket.Unspecified ? "Whole" : b.ToString())),
            Enum.GetValues<BucketKind>().Select(b => ((int)b, b.ToString())));
    }
}
