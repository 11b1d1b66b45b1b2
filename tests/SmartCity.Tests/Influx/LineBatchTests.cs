using System.Globalization;
using CsCheck;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Influx;

public sealed class LineBatchTests
{
    [Fact]
    public void Ten_thousand_hostile_texts_come_back_as_they_were() =>
        Gen.Select(InfluxGens.Text, InfluxGens.Text).Sample(
            (tag, field) =>
            {
                using var batch = new LineBatch();
                batch.Begin("m");
                batch.Tag("k", tag);
                batch.Field("f", field);
                batch.End(1);
                var line = Assert.Single(LineParser.ParseAll(batch.Slice(0, 1).Span));
                Assert.Equal([("k", InfluxText.StoredTag(tag))], line.Tags);
                Assert.Equal([("f", (object)InfluxText.StoredField(field))], line.Fields);
                Assert.Equal(tag, InfluxText.Unescape(line.Tags[0].Value));
                Assert.Equal(field, InfluxText.Unescape((string)line.Fields[0].Value));
            },
            iter: 10_000);

    [Fact]
    public void Numbers_and_times_come_back_bit_by_bit() =>
        Gen.Select(InfluxGens.Number, InfluxGens.Whole, Gen.Bool, Gen.Long[InfluxQl.TimeMin, InfluxQl.TimeMax]).Sample(
            (number, whole, truth, time) =>
            {
                using var batch = new LineBatch();
                batch.Begin("m");
                batch.Tag("port", whole);
                batch.Field("d", number);
                batch.Field("i", whole);
                batch.Field("t", truth);
                batch.End(time);
                var line = Assert.Single(LineParser.ParseAll(batch.Slice(0, 1).Span));
                InfluxGens.AssertSame(number, (double)line.Fields[0].Value);
                Assert.Equal([("i", whole), ("t", (object)truth)], line.Fields.Skip(1));
                Assert.Equal((whole, time), (long.Parse(line.Tags[0].Value, CultureInfo.InvariantCulture), line.Time));
            });

    [Fact]
    public void A_slice_is_the_lines_it_names() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[0, 300]).Sample(
            (first, count, rest) =>
            {
                var lines = first + count + rest;
                using var batch = Numbered(lines);
                Assert.Equal(lines, batch.Lines);
                Assert.Equal(batch.Bytes, batch.Slice(0, lines).Length);
                var times = LineParser.ParseAll(batch.Slice(first, count).Span).Select(l => l.Time);
                Assert.Equal(Enumerable.Range(first, count).Select(n => (long)n), times);
            });

    [Fact]
    public void A_request_stays_within_both_bounds_but_has_a_line()
    {
        using var batch = Numbered(100);
        var line = batch.Slice(0, 1).Length;
        Assert.Equal(7, batch.Fitting(0, 7, int.MaxValue));
        Assert.Equal(3, batch.Fitting(0, 100, (3 * line) + 2));
        Assert.Equal(1, batch.Fitting(0, 100, 1));
        Assert.Equal(2, batch.Fitting(98, 100, int.MaxValue));
    }

    [Fact]
    public void Null_is_left_out_and_a_line_of_nothing_else_is_refused()
    {
        using var batch = new LineBatch();
        batch.Begin("m");
        batch.Field("a", (long?)null);
        batch.Field("b", (double?)null);
        batch.Field("c", (bool?)null);
        batch.Field("d", (string?)null);
        Assert.Throws<InvalidOperationException>(() => batch.End(1));
        batch.Field("e", 5);
        batch.End(1);
        Assert.Equal("m e=5i 1\n"u8, batch.Slice(0, 1).Span);
    }

    [Fact]
    public void A_line_that_was_not_ended_is_forgotten()
    {
        using var batch = Numbered(1);
        batch.Begin("other");
        batch.Tag("a", "b");
        batch.Begin("m");
        batch.Field("f", true);
        batch.End(7);
        Assert.Equal("m f=true 7\n"u8, batch.Slice(1, 1).Span);
        batch.Clear();
        Assert.Equal((0, 0), (batch.Lines, batch.Bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("_a")]
    [InlineData("time")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("\u7535")]
    public void Names_that_some_version_refuses_are_bugs(string name)
    {
        using var batch = new LineBatch();
        Assert.Throws<ArgumentException>(() => batch.Begin(name));
        batch.Begin("m");
        Assert.Throws<ArgumentException>(() => batch.Tag(name, "v"));
        Assert.Throws<ArgumentException>(() => batch.Field(name, 1));
    }

    [Fact]
    public void Tags_out_of_order_or_twice_and_numbers_that_are_none_are_bugs()
    {
        using var batch = new LineBatch();
        batch.Begin("m");
        batch.Tag("b", "v");
        Assert.Throws<ArgumentException>(() => batch.Tag("a", "v"));
        Assert.Throws<ArgumentException>(() => batch.Tag("b", 1));
        Assert.Throws<ArgumentException>(() => batch.Field("f", double.NaN));
        Assert.Throws<ArgumentException>(() => batch.Field("f", double.NegativeInfinity));
        batch.Field("f", 1);
        Assert.Throws<InvalidOperationException>(() => batch.Tag("c", "v"));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.End(long.MinValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.End(long.MaxValue));
    }

    [Fact]
    public void A_text_that_no_version_takes_is_refused_before_it_is_sent()
    {
        using var batch = new LineBatch();
        batch.Begin("m");
        Assert.Throws<StoreRefusedException>(() => batch.Tag("k", new string('a', LineBatch.TextBytesMax + 1)));
        batch.Begin("m");
        Assert.Throws<StoreRefusedException>(() => batch.Field("f", new string('\n', LineBatch.TextBytesMax / 2)));
        batch.Begin("m");
        batch.Field("f", new string('a', LineBatch.TextBytesMax));
        batch.End(1);
        Assert.Equal(1, batch.Lines);
    }

    private static LineBatch Numbered(int lines)
    {
        var batch = new LineBatch();
        for (var i = 0; i < lines; i++)
        {
            batch.Begin("m");
            batch.Field("f", 1.5);
            batch.End(i);
        }
        return batch;
    }
}
