using SmartCity.Protocol.Mqtt;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Tests.Simulator;

public sealed class PackingTests
{
    private static readonly int Day = TestDays.Of(2026, 6, 3);
    private static readonly City City = Prepared(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_message_of_a_day_decodes_without_a_problem_within_the_limits(bool past)
    {
        foreach (var device in Sample)
        {
            foreach (var message in Pack(City, device, past))
            {
                var payload = message.Encode(message.SendAt, message.Buffered, protobuf: past);
                Assert.True(UplinkTopic.TryParse(message.Topic, out var topic, out var problem), problem);
                var uplink = UplinkCodec.Decode(topic, payload, past ? UplinkCodec.ProtobufContentType : null);
                Assert.Empty(uplink.Problems);
                Assert.Equal(
                    (message.Boot, (ulong?)message.Seq, message.Records.Count), (uplink.Boot, uplink.Seq, uplink.Records.Count));
                Assert.InRange(payload.Length, 1, UplinkLimits.PayloadBytesMax);
            }
        }
    }

    [Fact]
    public void The_same_seed_sends_the_same_bytes()
    {
        var again = Prepared(1);
        foreach (var device in Sample)
        {
            Assert.Equal(
                Pack(City, device, past: true).SelectMany(m => m.Records).Select(r => r.ToString()),
                Pack(again, device, past: true).SelectMany(m => m.Records).Select(r => r.ToString()));
            Assert.Equal(
                Pack(City, device, past: true).SelectMany(m => m.Encode(0, true, protobuf: true)),
                Pack(again, device, past: true).SelectMany(m => m.Encode(0, true, protobuf: true)));
        }
    }

    [Fact]
    public void A_day_says_the_same_however_many_days_were_prepared_with_it()
    {
        var wide = new City(DistrictBuilder.Build(1));
        wide.Prepare(Day - 5, Day + 6);
        foreach (var device in City.Devices)
        {
            Assert.Equal(
                Pack(City, device, past: true).SelectMany(m => m.Records).Select(r => r.ToString()),
                Pack(wide, device, past: true).SelectMany(m => m.Records).Select(r => r.ToString()));
        }
    }

    [Fact]
    public void A_day_sent_later_says_the_same_as_the_day_sent_live()
    {
        foreach (var device in Sample)
        {
            var past = Pack(City, device, past: true).SelectMany(m => m.Records).Select(r => r.ToString()).Order();
            var live = Pack(City, device, past: false).SelectMany(m => m.Records).Select(r => r.ToString()).Order();
            Assert.Equal(past, live);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_count_up_by_one_in_each_power_up(bool past)
    {
        foreach (var device in Sample)
        {
            var seqs = Pack(City, device, past).Select(m => m.Seq).Order().ToList();
            Assert.Equal(Enumerable.Range(1, seqs.Count).Select(s => (ulong)s), seqs);
        }
    }

    [Fact]
    public void What_was_measured_without_a_link_is_sent_after_the_gap_and_says_so()
    {
        var gaps = City.Devices.Select(d => City.Write(d, Day)).Where(d => d.Gaps.Count > 0).ToList();
        Assert.NotEmpty(gaps);
        foreach (var day in gaps)
        {
            foreach (var message in Packer.Live(day))
            {
                Assert.DoesNotContain(day.Gaps, g => message.SendAt >= g.From && message.SendAt < g.Until && !message.Buffered);
                Assert.All(message.Records, _ => Assert.True(message.Buffered || message.Records.Count <= 10));
            }
        }
    }

    [Fact]
    public void A_device_that_counts_from_1970_sends_times_from_which_the_truth_can_be_told()
    {
        var day = Enumerable.Range(Day, 3).First(d => DeviceClock.OffsetOf(DeviceClock.EpochDevice, d) != 0);
        var three = new City(DistrictBuilder.Build(1));
        three.Prepare(Day, Day + 3);
        var written = three.Write(new CityDevice(UplinkKind.Pile, DeviceClock.EpochDevice), day);
        var message = Packer.Live(written)[5];
        Assert.True(UplinkTopic.TryParse(message.Topic, out var topic, out _));
        var uplink = UplinkCodec.Decode(topic, message.Encode(message.SendAt, false, protobuf: false), null);
        Assert.InRange(uplink.SentAt!.Value, 1, CityTime.DayMs);
        Assert.InRange(written.Records[5].At, CityTime.StartOf(day), CityTime.StartOf(day + 1));
    }

    // Every kind of device, and enough of each.
    private static IEnumerable<CityDevice> Sample => City.Devices.Where((_, i) => i % 6 == 0);

    private static List<DeviceMessage> Pack(City city, CityDevice device, bool past) =>
        past ? Packer.Past(city.Write(device, Day)) : Packer.Live(city.Write(device, Day));

    private static City Prepared(int seed)
    {
        var city = new City(DistrictBuilder.Build(seed));
        city.Prepare(Day, Day + 1);
        return city;
    }
}
