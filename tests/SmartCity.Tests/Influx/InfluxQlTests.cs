using CsCheck;
using SmartCity.Storage.Influx;

namespace SmartCity.Tests.Influx;

public sealed class InfluxQlTests
{
    [Fact]
    public void A_quoted_text_ends_where_it_ends_and_means_what_it_meant() =>
        InfluxGens.Text.Sample(
            text =>
            {
                Assert.Equal(InfluxText.StoredTag(text), Read(InfluxQl.TagLiteral(text), '\''));
                Assert.Equal(InfluxText.StoredField(text), Read(InfluxQl.FieldLiteral(text), '\''));
                Assert.Equal(text, Read(InfluxQl.Identifier(text), '"'));
            },
            iter: 10_000);

    [Fact]
    public void Times_stay_within_what_InfluxDB_takes()
    {
        Assert.Equal("time >= 5 AND time < 9", InfluxQl.Between(5, 9));
        Assert.Equal(
            "time >= -9223372036854775806 AND time <= 9223372036854775806", InfluxQl.Between(long.MinValue, long.MaxValue));
        Assert.Equal(InfluxQl.TimeMax, InfluxQl.Nanoseconds(long.MaxValue / 4));
        Assert.Equal(InfluxQl.TimeMin, InfluxQl.Nanoseconds(long.MinValue / 4));
        Assert.Equal(1_795_404_000_123_000_000, InfluxQl.Nanoseconds(1_795_404_000_123));
    }

    [Fact]
    public void One_of_several_values_is_asked_for_in_one_condition()
    {
        Assert.Equal("(\"pile\" = 'P-1' OR \"pile\" = 'a\\'b')", InfluxQl.AnyOf("pile", ["P-1", "a'b"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => InfluxQl.AnyOf("pile", []));
    }

    // As the parsers of all versions do: three escapes, and every other backslash is an error.
    private static string Read(string quoted, char quote)
    {
        Assert.Equal(quote, quoted[0]);
        var text = new System.Text.StringBuilder();
        var at = 1;
        for (; quoted[at] != quote; at++)
        {
            Assert.NotEqual('\n', quoted[at]);
            if (quoted[at] == '\\')
            {
                at++;
                Assert.True(quoted[at] == quote || quoted[at] is '\\' or 'n');
                text.Append(quoted[at] == 'n' ? '\n' : quoted[at]);
            }
            else
            {
                text.Append(quoted[at]);
            }
        }
        Assert.Equal(quoted.Length - 1, at);
        return text.ToString();
    }
}
