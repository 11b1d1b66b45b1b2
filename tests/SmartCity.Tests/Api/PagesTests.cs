using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Api;

public sealed class PagesTests
{
    private static readonly int[] All = [.. Enumerable.Range(0, 25)];
    private readonly string query = Pages.FingerprintOf(new ListPortsRequest { Scope = new Scope { PileIds = { "p1" } } });

    [Fact]
    public void Following_the_tokens_gives_every_row_once()
    {
        var rows = new List<int>();
        var token = "";
        do
        {
            (var page, token) = Pages.Take(All, 10, token, query);
            rows.AddRange(page);
        }
        while (token.Length > 0);

        Assert.Equal(All, rows);
    }

    [Fact]
    public void A_page_that_ends_with_the_last_row_has_no_next()
    {
        Assert.Equal("", Pages.Take(All, 25, "", query).Next);
        Assert.Equal("", Pages.Take(All, 0, "", query).Next);
        Assert.NotEqual("", Pages.Take(All, 24, "", query).Next);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_size_out_of_range_is_refused(int size)
    {
        var e = Assert.Throws<InvalidQueryException>(() => Pages.Take(All, size, "", query));

        Assert.Equal("page_size", e.Field);
        Assert.Contains("1..10000", e.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_with_any_character_changed_is_refused()
    {
        var token = Pages.Take(All, 10, "", query).Next;
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal("page_token", Assert.Throws<InvalidQueryException>(() => Pages.Take(All, 10, changed, query)).Field);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("%%%")]
    [InlineData("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Something_that_is_no_token_is_refused(string token) =>
        Assert.Throws<InvalidQueryException>(() => Pages.Take(All, 10, token, query));

    [Fact]
    public void A_token_of_another_query_is_refused_but_the_page_size_may_change()
    {
        var token = Pages.Take(All, 10, "", query).Next;
        var other = Pages.FingerprintOf(new ListPortsRequest { Scope = new Scope { PileIds = { "p2" } } });
        var same = Pages.FingerprintOf(new ListPortsRequest
        {
            Scope = new Scope { PileIds = { "p1" } }, PageSize = 7, PageToken = token,
        });

        Assert.Throws<InvalidQueryException>(() => Pages.Take(All, 10, token, other));
        Assert.Equal([10, 11], Pages.Take(All, 2, token, same).Page);
    }

    [Fact]
    public void Requests_of_two_kinds_with_the_same_bytes_are_two_queries() => Assert.NotEqual(
        Pages.FingerprintOf(new ListPortsRequest()), Pages.FingerprintOf(new ListTrucksRequest()));

    [Fact]
    public void A_token_outlives_the_process_that_gave_it() => Assert.Equal(
        "CgAAAAAAAAAAAAAAAAAAAF-kCVF-w2NJj-oU_xJHX1g", Pages.Take(All, 10, "", query).Next);

    [Fact]
    public void A_page_of_large_rows_ends_before_an_answer_is_too_large_and_has_one_at_least()
    {
        var (page, next) = Pages.Take(All, 20, "", query, bytesOf: _ => 1 << 20);
        Assert.Equal([0, 1, 2], page);
        Assert.Equal([3], Pages.Take(All, 20, next, query, bytesOf: _ => 9 << 20).Page);
        Assert.Equal(All, Pages.Take(All, 25, "", query, bytesOf: _ => 1).Page);
    }

    [Fact]
    public void All_pages_are_about_the_instant_of_the_first()
    {
        var first = new Instant(1_000);
        var token = Pages.Take(All, 10, "", query, first).Next;

        Assert.Equal(first, Pages.AsOf("", query, first));
        Assert.Equal(first, Pages.AsOf(token, query, new Instant(9_000)));
    }
}
