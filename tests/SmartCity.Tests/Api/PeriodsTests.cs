using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Api;

public sealed class PeriodsTests
{
    private static readonly Instant Now = At("2026-03-10T15:30:00+08:00");

    [Fact]
    public void Without_a_period_it_is_the_last_seven_local_days_with_that_of_its_end()
    {
        var (from, until, zone) = Periods.From(null, Now);

        Assert.Equal((At("2026-03-04T00:00:00+08:00"), Now, "Asia/Shanghai"), (from, until, zone.Id));
    }

    [Fact]
    public void Given_bounds_are_taken_as_they_are()
    {
        var (from, until, zone) = Periods.From(
            new Period
            {
                From = Stamp("2026-01-01T00:00:00Z"), Until = Stamp("2026-01-02T00:00:00Z"), TimeZone = "Europe/Berlin",
            },
            Now);

        Assert.Equal((At("2026-01-01T00:00:00Z"), At("2026-01-02T00:00:00Z"), "Europe/Berlin"), (from, until, zone.Id));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-08T00:00:00+08:00", "2026-03-01T00:00:00+08:00")] // Nothing of the day that begins then.
    [InlineData("Europe/Berlin", "2026-03-31T12:00:00+02:00", "2026-03-25T00:00:00+01:00")] // The clocks went forward in between.
    [InlineData("Europe/Berlin", "2026-10-28T12:00:00+01:00", "2026-10-22T00:00:00+02:00")] // And back.
    [InlineData("America/Havana", "2026-03-14T12:00:00-04:00", "2026-03-08T01:00:00-04:00")] // That day began at 01:00.
    [InlineData("America/Havana", "2026-11-07T12:00:00-05:00", "2026-11-01T00:00:00-04:00")] // That midnight came twice.
    public void The_default_begins_with_the_first_instant_of_a_local_day(string zone, string until, string from) =>
        Assert.Equal(At(from), Periods.From(new Period { TimeZone = zone, Until = Stamp(until) }, Now).From);

    [Theory]
    [InlineData("Asia/Shanghi")]
    [InlineData("China Standard Time")]
    [InlineData("../../etc/passwd")]
    [InlineData("+08:00")]
    public void An_unknown_zone_is_refused_with_an_example(string zone)
    {
        var e = Assert.Throws<InvalidQueryException>(() => Periods.From(new Period { TimeZone = zone }, Now));

        Assert.Equal("period.time_zone", e.Field);
        Assert.Contains("Asia/Shanghai", e.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    public void An_empty_or_endless_period_is_refused(string from, string until) => Assert.Equal(
        "period", Assert.Throws<InvalidQueryException>(
            () => Periods.From(new Period { From = Stamp(from), Until = Stamp(until) }, Now)).Field);

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    public void What_is_no_moment_is_refused(long seconds, int nanos) => Assert.Equal(
        "period.until", Assert.Throws<InvalidQueryException>(() => Periods.From(
            new Period { Until = new Timestamp { Seconds = seconds, Nanos = nanos } }, Now)).Field);

    [Fact]
    public void Moments_survive_the_way_to_the_wire_and_back()
    {
        Assert.Equal(Now, Instants.From(Now.ToTimestamp(), "f"));
        Assert.Equal(new Instant(-1), Instants.From(new Instant(-1).ToTimestamp(), "f"));
        Assert.Null(((Instant?)null).ToTimestamp());
        Assert.Equal(9999, Instant.Max.ToTimestamp().ToDateTime().Year);
    }

    [Fact]
    public void A_question_as_of_the_future_is_refused_but_not_for_a_clock_that_is_a_little_ahead()
    {
        Assert.Equal(Now, Instants.AsOf((Now + TimeSpan.FromSeconds(5)).ToTimestamp(), Now));
        var e = Assert.Throws<InvalidQueryException>(() => Instants.AsOf((Now + TimeSpan.FromHours(1)).ToTimestamp(), Now));
        Assert.Equal("as_of", e.Field);
        Assert.Contains("future", e.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_without_ids_is_the_city_and_an_empty_id_is_refused()
    {
        Assert.True(Scopes.From(null, Town).IsCity);
        Assert.True(Scopes.From(new Scope(), Town).IsCity);
        Assert.Equal(["p1"], Scopes.From(new Scope { PileIds = { "p1", "p1" } }, Town).Piles);
        Assert.Equal("scope.grid_ids", Assert.Throws<InvalidQueryException>(
            () => Scopes.From(new Scope { GridIds = { "" } }, Town)).Field);
    }

    [Fact]
    public void An_unknown_id_of_any_kind_is_refused_with_the_nearest_known_ones()
    {
        Check(new Scope { DistrictIds = { "220205" } }, "scope.district_ids", "220204");
        Check(new Scope { SubdistrictIds = { "s9" } }, "scope.subdistrict_ids", "s1");
        Check(new Scope { CompoundIds = { "c1", "c9" } }, "scope.compound_ids", "c1, c2");
        Check(new Scope { GridIds = { "c1" } }, "scope.grid_ids", "g1");
        Check(new Scope { PileIds = { "p9" } }, "scope.pile_ids", "p1, p2");
        Check(new Scope { TruckIds = { "t11" } }, "scope.truck_ids", "t1");
        Check(new Scope { PointIds = { "nothing-like-it" } }, "scope.point_ids", "There are ");

        static void Check(Scope scope, string field, string near)
        {
            var e = Assert.Throws<InvalidQueryException>(() => Scopes.From(scope, Town));
            Assert.Equal(field, e.Field);
            Assert.Contains(near, e.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_id_of_the_past_and_an_area_that_is_only_named_are_known()
    {
        var past = new Domain.Registry.Validity(Now - TimeSpan.FromDays(9), Now - TimeSpan.FromDays(8));
        var pile = new Domain.Registry.Pile(
            "old", past, "Old", "nowhere", Domain.Registry.PileKind.EbikeAc, 1, null, default, null, null, null);
        var registry = new Domain.Registry.RegistrySnapshot([], [pile], [], [], [], [], [], []);
        Assert.Equal(["old"], Scopes.From(new Scope { PileIds = { "old" } }, registry).Piles);
        Assert.Equal(["nowhere"], Scopes.From(new Scope { CompoundIds = { "nowhere" } }, registry).Compounds);
    }

    private static Domain.Registry.RegistrySnapshot Town => Live.Town.Assets();

    private static Instant At(string text) =>
        Instant.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));

    private static Timestamp Stamp(string text) => At(text).ToTimestamp();
}
