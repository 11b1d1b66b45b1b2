using System.Buffers;
using CsCheck;
using SmartCity.Server.Mqtt;

namespace SmartCity.Tests.Mqtt;

public sealed class FrameScanTests
{
    // MQTT 3.1.1, keep-alive 60 s, client id "a".
    private static readonly byte[] Connect = [0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 60, 0, 1, (byte)'a'];

    [Fact]
    public void A_connect_gives_the_keep_alive()
    {
        var scan = new FrameScan();
        Assert.Null(scan.Advance(new ReadOnlySequence<byte>(Connect)));
        Assert.True(scan.Connected);
        Assert.False(scan.InFrame);
        Assert.Equal(TimeSpan.FromSeconds(60), scan.KeepAlive);
    }

    [Theory]
    [InlineData(0x30)] // PUBLISH
    [InlineData(0xC0)] // PINGREQ
    [InlineData((byte)'G')] // A browser
    public void The_first_packet_has_to_be_connect(byte header) =>
        Assert.Equal("the first packet is not CONNECT", new FrameScan().Advance(new ReadOnlySequence<byte>([header, 0])));

    [Fact]
    public void A_connect_above_4_KiB_is_refused_before_it_has_come_in()
    {
        Assert.Null(new FrameScan().Advance(new ReadOnlySequence<byte>([0x10, .. Length(4096)])));
        Assert.NotNull(new FrameScan().Advance(new ReadOnlySequence<byte>([0x10, .. Length(4097)])));
    }

    [Fact]
    public void A_frame_of_256_KiB_passes_and_one_byte_more_does_not()
    {
        foreach (var (length, passes) in new[] { (262_144, true), (262_145, false), (268_435_455, false) })
        {
            var scan = new FrameScan();
            scan.Advance(new ReadOnlySequence<byte>(Connect));
            Assert.Equal(passes, scan.Advance(new ReadOnlySequence<byte>([0x32, .. Length(length)])) is null);
        }
    }

    [Fact]
    public void A_length_of_five_bytes_is_refused()
    {
        var scan = new FrameScan();
        scan.Advance(new ReadOnlySequence<byte>(Connect));
        Assert.NotNull(scan.Advance(new ReadOnlySequence<byte>([0x32, 0x80, 0x80, 0x80, 0x80, 0x01])));
    }

    [Fact]
    public void Frames_are_counted_however_the_bytes_are_cut() =>
        Gen.Select(Gen.Int[0, 3_000].Array[0, 20], Gen.Int[1, 700].Array[1, 200]).Sample((lengths, cuts) =>
        {
            byte[] stream = [.. Connect, .. lengths.SelectMany(l => (byte[])[0x32, .. Length(l), .. new byte[l]])];
            var scan = new FrameScan();
            for (int at = 0, i = 0; at < stream.Length; i++)
            {
                var take = Math.Min(cuts[i % cuts.Length], stream.Length - at);
                Assert.Null(scan.Advance(new ReadOnlySequence<byte>(stream, at, take)));
                at += take;
            }
            return scan.Frames == lengths.Length + 1 && !scan.InFrame && scan.KeepAlive == TimeSpan.FromSeconds(60);
        });

    private static byte[] Length(int value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }
}
