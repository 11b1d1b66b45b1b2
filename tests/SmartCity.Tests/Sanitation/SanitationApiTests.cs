using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Sanitation;

/// <summary>The answers over a real store and registry.</summary>
public sealed class SanitationApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateRange Monday => new() { First = "2026-11-23", Last = "2026-11-23" };

    private static Town TownWithWindows() => new Town()
        .Window("MORNING", "04:30", "08:00").Window("NOON", "11:00", "14:00")
        .Truck("T1").Point("P", 300, "MORNING NOON").Point("Q", -300).Bin("E1", "P");

    private static async Task<SanitationApiWorld> ServedMorningAsync(string now = "2026-11-24 12:00:00")
    {
        var town = TownWithWindows();
        var world = await SanitationApiWorld.OpenAsync(town, now);
        await world.StoreAsync(town.Log("T1").Stay("06:00:00", "06:05:00", 300).Tag("06:02:00", "E1").Tag("06:03:00", "E9", "P"));
        return world;
    }

    [Fact]
    public async Task Compliance_counts_and_says_its_tolerances_and_how_much_was_seen()
    {
        await using var world = await ServedMorningAsync();
        var answer = await world.Compliance.AnswerAsync(
            new GetComplianceRequest { Dates = Monday, GroupBy = GroupBy.Window, Bucket = Bucket.Day }, Stop);
        Assert.Equal((3, 3, 1, 2), (answer.Total.Scheduled, answer.Total.Due, answer.Total.OnTime, answer.Total.Missed));
        Assert.Equal(["MORNING", "NOON"], answer.Rows.Select(r => r.Key.GroupId));
        Assert.Equal([0.5, 0], answer.Rows.Select(r => r.OnTimeRate));
        Assert.Equal(0.0945, answer.Rows[0].OnTimeInterval.Low, 4);
        Assert.Equal(0.9055, answer.Rows[0].OnTimeInterval.High, 4);
        Assert.Equal((0, false), (answer.Total.MissesFollowed, answer.Total.HasMissResponseP50S));
        Assert.Equal(Town.At("2026-11-23 00:00:00").ToTimestamp(), answer.Rows[0].Key.BucketFrom);
        Assert.Equal(Town.At("2026-11-24 00:00:00").ToTimestamp(), answer.Rows[0].Key.BucketUntil);
        Assert.Equal(["04:30", "11:00"], answer.Tolerances.Select(t => t.StartLocal));
        var quality = answer.Quality;
        Assert.Equal((1.0, 1, 0, 7), (quality.Completeness, quality.Devices, quality.DevicesSilent, (int)quality.BacklogMessages));
    }

    [Fact]
    public async Task The_tolerances_are_those_left_by_the_middle_between_neighbouring_windows()
    {
        await using var world = await ServedMorningAsync();
        var request = new GetComplianceRequest { Dates = Monday, Scope = new Scope { PointIds = { "P" } } };
        var morning = (await world.Compliance.AnswerAsync(request, Stop)).Tolerances[0];
        // On time until 08:15, and NOON begins at 11:00: the middle is 09:37:30.
        Assert.Equal((7200, 3600, 5850), (morning.AcceptAfterS, morning.AcceptedBeforeS, morning.AcceptedAfterS));
    }

    [Fact]
    public async Task A_miss_is_answered_by_a_visit_after_the_dates_asked_about()
    {
        var town = TownWithWindows();
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-24 12:00:00");
        await world.StoreAsync(town.Log("T1").Stay("2026-11-24 06:00:00", "2026-11-24 06:05:00", 300));
        async Task<ComplianceRow> OfMondayAsync(string last) => (await world.Compliance.AnswerAsync(
            new GetComplianceRequest
            {
                Dates = new DateRange { First = "2026-11-23", Last = last }, Bucket = Bucket.Day, Scope = new Scope { PointIds = { "P" } },
            },
            Stop)).Rows[0];
        var (alone, among) = (await OfMondayAsync("2026-11-23"), await OfMondayAsync("2026-11-24"));
        Assert.Equal((2L, 2L), (alone.Missed, alone.MissesFollowed));
        Assert.Equal((among.MissesFollowed, among.MissResponseP50S), (alone.MissesFollowed, alone.MissResponseP50S));
        Assert.Equal((2L, 2L), (alone.Scheduled, alone.Due));
    }

    [Theory]
    [InlineData("12:04:00", 0)] // Parked trucks report every few minutes.
    [InlineData("12:06:00", 1)]
    public async Task A_truck_that_may_be_parked_is_silent_after_a_quarter_of_an_hour(string now, int silent)
    {
        var town = TownWithWindows();
        await using var world = await SanitationApiWorld.OpenAsync(town, now);
        await world.StoreAsync(town.Log("T1").Blind("11:50:00", "2026-11-24 11:59:00"));
        var answer = await world.Compliance.AnswerAsync(new GetComplianceRequest { Dates = Monday }, Stop);
        Assert.Equal(silent, answer.Quality.DevicesSilent);
    }

    [Fact]
    public async Task A_truck_that_fell_silent_is_counted_and_what_it_hid_is_incomplete()
    {
        var town = TownWithWindows();
        await using var world = await SanitationApiWorld.OpenAsync(town, "17:00:00");
        await world.StoreAsync(town.Log("T1").Blind("11:30:00", "2026-11-24 11:59:00"));
        var answer = await world.Compliance.AnswerAsync(new GetComplianceRequest { Dates = Monday }, Stop);
        Assert.Equal((2, 1), (answer.Total.Missed, answer.Total.Undetermined));
        Assert.Equal(2 / 3.0, answer.Quality.Completeness, 9);
        Assert.Equal(1, answer.Quality.DevicesSilent);
    }

    [Fact]
    public async Task Obligations_come_by_date_start_and_point_and_in_pages()
    {
        await using var world = await ServedMorningAsync();
        var request = new ListObligationsRequest { Dates = Monday, PageSize = 2 };
        var first = await world.Obligations.AnswerAsync(request, Stop);
        request.PageToken = first.NextPageToken;
        var second = await world.Obligations.AnswerAsync(request, Stop);
        Assert.Equal(
            ["P/2026-11-23/MORNING", "Q/2026-11-23/MORNING", "P/2026-11-23/NOON"],
            first.Obligations.Concat(second.Obligations).Select(o => o.ObligationId));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal(("T1", EvidenceGrade.A), (first.Obligations[0].PrimaryVisit.TruckId, first.Obligations[0].PrimaryVisit.Grade));
    }

    [Fact]
    public async Task Obligations_are_filtered_by_verdict_window_and_scope()
    {
        await using var world = await ServedMorningAsync();
        async Task<IEnumerable<string>> Ids(ListObligationsRequest request)
        {
            request.Dates = Monday;
            return (await world.Obligations.AnswerAsync(request, Stop)).Obligations.Select(o => o.ObligationId);
        }
        Assert.Equal(["P/2026-11-23/MORNING"], await Ids(new() { Verdicts = { Verdict.OnTime } }));
        Assert.Equal(["P/2026-11-23/NOON"], await Ids(new() { WindowKeys = { "NOON" } }));
        Assert.Equal(["Q/2026-11-23/MORNING"], await Ids(new() { Scope = new Scope { PointIds = { "Q" } } }));
        Assert.Equal(3, (await Ids(new() { Scope = new Scope { GridIds = { "G" } } })).Count());
    }

    [Fact]
    public async Task The_explanation_reads_like_an_answer_to_a_complaint()
    {
        await using var world = await ServedMorningAsync();
        var served = await world.Explanations.AnswerAsync(new ExplainObligationRequest { ObligationId = "P/2026-11-23/MORNING" }, Stop);
        var text = string.Join("\n", served.Reasons);
        Assert.Contains(
            "was to be served in the window MORNING of 2026-11-23, from 04:30:00 to 08:00:00 local time", text, StringComparison.Ordinal);
        Assert.Contains("Truck T1 was there from 06:00:00 to 06:05:00", text, StringComparison.Ordinal);
        Assert.Contains("Tag read of truck T1 at 06:03:00 (received 06:03:01): Does not count: tag E9", text, StringComparison.Ordinal);
        Assert.Contains("ON_TIME (按时): served at 06:02:00", text, StringComparison.Ordinal);
        Assert.Equal([true, false], served.Evidence.Select(e => e.Accepted));
        Assert.Equal(900, served.Tolerance.LateGraceS);

        Assert.Equal("Was Point P (P) emptied in the window MORNING (早) of 2026-11-23, 04:30:00 to 08:00:00?", served.Answer.Question);
        Assert.Equal("ON_TIME (按时): yes. Truck JI-T1 (T1) collected at 06:02:00, in time.", served.Answer.Answer);
        Assert.StartsWith("It was there from 06:00:00 to 06:05:00", served.Answer.Why, StringComparison.Ordinal);
        Assert.Equal("Sure. Proof A: a tag or a weight of this point.", served.Answer.Certainty);
        Assert.EndsWith("1 piece of evidence did not count; the list says why.", served.Answer.Why, StringComparison.Ordinal);
        Assert.Empty(served.Answer.Unseen);

        var missed = await world.Explanations.AnswerAsync(new ExplainObligationRequest { ObligationId = "Q/2026-11-23/MORNING" }, Stop);
        Assert.StartsWith("MISSED (漏收): no. No collection took place between 03:30:00", missed.Answer.Answer, StringComparison.Ordinal);
        Assert.StartsWith("Sure as far as trackers go: 1 truck was to come", missed.Answer.Certainty, StringComparison.Ordinal);
        Assert.StartsWith("JI-T1 (T1) came no nearer than 300 m, at 03:30:00, and was never", missed.Answer.Why, StringComparison.Ordinal);
        Assert.Contains("MISSED (漏收)", string.Join("\n", missed.Reasons), StringComparison.Ordinal);
        Assert.False(Assert.Single(missed.Trucks).CouldHaveComeUnseen);
    }

    [Fact]
    public async Task Visits_come_by_arrival_and_transits_on_request()
    {
        var town = TownWithWindows();
        await using var world = await SanitationApiWorld.OpenAsync(town);
        await world.StoreAsync(town.Log("T1").Stay("06:00:00", "06:05:00", 300).Stay("07:00:00", "07:00:00", -300, speed: 20));
        var request = new ListVisitsRequest { Period = new Period { From = Town.At("05:00:00").ToTimestamp() } };
        Assert.Equal(["P"], (await world.Visits.AnswerAsync(request, Stop)).Visits.Select(v => v.PointId));
        request.IncludeTransits = true;
        Assert.Equal(["P", "Q"], (await world.Visits.AnswerAsync(request, Stop)).Visits.Select(v => v.PointId));
        request.Scope = new Scope { TruckIds = { "T2" } };
        var unknown = await Assert.ThrowsAsync<InvalidQueryException>(async () => await world.Visits.AnswerAsync(request, Stop));
        Assert.Contains("'T2'", unknown.Message, StringComparison.Ordinal);
        request.Scope = new Scope { TruckIds = { "T1" } };
        Assert.Equal(2, (await world.Visits.AnswerAsync(request, Stop)).Visits.Count);
    }

    [Fact]
    public async Task As_of_reproduces_what_was_known_and_late_data_changes_the_answer_after_it()
    {
        var town = TownWithWindows();
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-24 13:00:00");
        await world.StoreAsync(town.Log("T1").Stay("06:00:00", "06:05:00", 300), TimeSpan.FromHours(12));
        var request = new ExplainObligationRequest { ObligationId = "P/2026-11-23/MORNING", AsOf = Town.At("11:00:00").ToTimestamp() };
        Assert.Equal(Verdict.Undetermined, (await world.Explanations.AnswerAsync(request, Stop)).Obligation.Verdict);
        request.AsOf = null;
        Assert.Equal(Verdict.OnTime, (await world.Explanations.AnswerAsync(request, Stop)).Obligation.Verdict);
        request.AsOf = Town.At("05:00:00").ToTimestamp();
        Assert.Equal(Verdict.Pending, (await world.Explanations.AnswerAsync(request, Stop)).Obligation.Verdict);
    }

    [Fact]
    public async Task As_of_before_anything_was_registered_is_refused_with_when_that_was()
    {
        await using var world = await SanitationApiWorld.OpenAsync(TownWithWindows(), "2026-11-24 13:00:00");
        var request = new GetComplianceRequest { AsOf = Town.At("2026-10-31 23:00:00").ToTimestamp() };
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => world.Compliance.AnswerAsync(request, Stop));
        Assert.Equal("as_of", refused.Field);
        Assert.Contains("the first was recorded at 2026-11-01 00:00:00 +08:00", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_after_it_was_final_is_counted_by_verdict_if_asked_for()
    {
        var town = TownWithWindows();
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-28 12:00:00");
        await world.StoreAsync(town.Log("T1").Stay("06:00:00", "06:05:00", 300), TimeSpan.FromDays(3));
        async Task<Restatements> At(string? asOf) => (await world.Compliance.AnswerAsync(
            new GetComplianceRequest
            {
                Dates = Monday, IncludeRestatements = true, AsOf = asOf is null ? null : Town.At(asOf).ToTimestamp(),
            },
            Stop)).Restatements;

        var now = await At(null);
        Assert.Equal((3, 3), (now.Final, now.Restated));
        Assert.Equal(
            [(Verdict.Undetermined, Verdict.Missed, 2L), (Verdict.Undetermined, Verdict.OnTime, 1L)],
            now.Shifts.Select(s => (s.From, s.To, s.Count)));
        var before = await At("2026-11-25 12:00:00");
        Assert.Equal((3, 0), (before.Final, before.Restated));
        var open = await At("2026-11-24 09:00:00");
        Assert.Equal((0, 0), (open.Final, open.Restated));
        Assert.Null((await world.Compliance.AnswerAsync(new GetComplianceRequest { Dates = Monday }, Stop)).Restatements);
    }

    [Fact]
    public async Task What_came_in_time_and_what_nobody_knew_was_due_is_not_restated()
    {
        await using var world = await ServedMorningAsync("2026-11-28 12:00:00");
        var request = new GetComplianceRequest { Dates = Monday, IncludeRestatements = true };
        var restated = (await world.Compliance.AnswerAsync(request, Stop)).Restatements;
        Assert.Equal((3, 0), (restated.Final, restated.Restated));
        // The town was registered on 1 November.
        request.Dates = new DateRange { First = "2026-10-20", Last = "2026-10-21" };
        restated = (await world.Compliance.AnswerAsync(request, Stop)).Restatements;
        Assert.Equal((0, 0), (restated.Final, restated.Restated));
    }

    [Fact]
    public async Task A_long_range_is_judged_in_parts_with_the_same_result()
    {
        await using var world = await ServedMorningAsync();
        var answer = await world.Compliance.AnswerAsync(
            new GetComplianceRequest { Dates = new DateRange { First = "2026-10-01", Last = "2026-12-31" }, GroupBy = GroupBy.Point },
            Stop);
        Assert.Equal(92 * 3, answer.Total.Scheduled);
        Assert.Equal(1, answer.Total.OnTime);
        Assert.Equal(["P", "Q"], answer.Rows.Select(r => r.Key.GroupId));
    }

    [Theory]
    [InlineData("2026-11-31", "2026-11-30", "dates.first")]
    [InlineData("2026-11-24", "2026-11-23", "dates")]
    [InlineData("2024-01-01", "2026-11-23", "dates")]
    [InlineData("1999-01-01", "1999-01-02", "dates.last")]
    public async Task Wrong_dates_are_refused(string first, string last, string field)
    {
        await using var world = await SanitationApiWorld.OpenAsync(TownWithWindows());
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => world.Compliance.AnswerAsync(
            new GetComplianceRequest { Dates = new DateRange { First = first, Last = last } }, Stop));
        Assert.Equal(field, refused.Field);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_the_field()
    {
        await using var world = await SanitationApiWorld.OpenAsync(TownWithWindows());
        async Task<string> Field(GetComplianceRequest request) =>
            (await Assert.ThrowsAsync<InvalidQueryException>(() => world.Compliance.AnswerAsync(request, Stop))).Field;
        Assert.Equal("group_by", await Field(new() { GroupBy = GroupBy.Port }));
        Assert.Equal("bucket", await Field(new() { Bucket = Bucket.HourOfDay }));
        Assert.Equal("window_keys", await Field(new() { WindowKeys = { "" } }));
        Assert.Equal("include_restatements", await Field(
            new() { IncludeRestatements = true, Dates = new DateRange { First = "2026-10-23", Last = "2026-11-23" } }));
        Assert.Equal("scope.truck_ids", await Field(new() { Scope = new Scope { TruckIds = { "T1" } } }));
        await Assert.ThrowsAsync<InvalidQueryException>(() => world.Explanations.AnswerAsync(
            new ExplainObligationRequest { ObligationId = "P" }, Stop));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Explanations.AnswerAsync(
            new ExplainObligationRequest { ObligationId = "P/2026-11-23/EVENING" }, Stop));
        await Assert.ThrowsAsync<InvalidQueryException>(() => world.Obligations.AnswerAsync(
            new ListObligationsRequest { Verdicts = { Verdict.Unspecified } }, Stop));
    }

    [Theory]
    [InlineData(GroupBy.District, "D", "District")]
    [InlineData(GroupBy.Subdistrict, "S", "Street")]
    [InlineData(GroupBy.Compound, "C", "Compound")]
    [InlineData(GroupBy.Grid, "G", "Grid")]
    [InlineData(GroupBy.Route, "R", "Route R")]
    public async Task Rows_are_named_as_people_name_them(GroupBy by, string id, string name)
    {
        await using var world = await SanitationApiWorld.OpenAsync(TownWithWindows());
        var answer = await world.Compliance.AnswerAsync(new GetComplianceRequest { Dates = Monday, GroupBy = by }, Stop);
        Assert.Equal((id, name), answer.Rows.Select(r => (r.Key.GroupId, r.Key.GroupName)).Single());
    }

    [Fact]
    public void The_domains_words_have_the_numbers_of_the_wire()
    {
        Assert.Equal(Names<Verdict>(), Names<Domain.Sanitation.Verdict>());
        Assert.Equal(Names<EvidenceGrade>(), Names<Domain.Sanitation.EvidenceGrade>().Where(n => n.Number > 0));
        Assert.Equal(Names<VisitRole>(), Names<Domain.Sanitation.VisitRole>());
        Assert.Equal(Names<ExceptionKind>(), Names<Domain.Sanitation.ExceptionKind>());
        Assert.Equal(Names<ExceptionState>(), Names<Storage.Registry.Decisions.ExceptionState>());
        Assert.Equal(Names<Decision>(), Names<Storage.Registry.Decisions.DecisionKind>());
        Assert.Equal(Names<ChangeCause>(), Names<Domain.Sanitation.ChangeCause>());
        Assert.Equal(Names<CollectionRisk>(), Names<Domain.Sanitation.CollectionRisk>());
        Assert.Equal(Names<RiskCause>(), Names<Domain.Sanitation.RiskCause>().Where(n => n.Number > 0));
        Assert.Equal(Names<EtaMethod>(), Names<Domain.Sanitation.EtaMethod>().Where(n => n.Number > 0));
    }

    private static IEnumerable<(int Number, string Name)> Names<T>() where T : struct, Enum => Enum.GetValues<T>()
        .Select(v => (Convert.ToInt32(v, System.Globalization.CultureInfo.InvariantCulture), v.ToString()))
        .Where(v => v.Item2 != "Unspecified");
}
