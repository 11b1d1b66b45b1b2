using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class QuestionTests
{
    [Fact]
    public async Task Scope_period_group_and_bucket_reach_the_server_as_typed()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync(
            "utilization", "--compound", "C-1", "C-2", "--pile", "P-1,P-2", "--district", "220204",
            "--from", "2026-11-01", "--until", "2026-11-02T08:30",
            "--group-by", "pile", "--bucket", "hour-of-day", "--as-of", "2026-11-03T00:00:00+01:00")).Done;

        Assert.Equal(
            new GetUtilizationRequest
            {
                Scope = new Scope { CompoundIds = { "C-1", "C-2" }, PileIds = { "P-1", "P-2" }, DistrictIds = { "220204" } },
                Period = new Period
                {
                    From = Canned.At("2026-10-31T16:00:00Z"),
                    Until = Canned.At("2026-11-02T00:30:00Z"),
                    TimeZone = "Asia/Shanghai",
                },
                GroupBy = GroupBy.Pile,
                Bucket = Bucket.HourOfDay,
                AsOf = Canned.At("2026-11-02T23:00:00Z"),
                PageSize = 1000,
            },
            city.OnlyQuestion<GetUtilizationRequest>());
    }

    [Fact]
    public async Task Last_counts_back_from_now_or_from_until()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("sessions", "--last", "7d")).Done;
        _ = (await city.RunAsync("sessions", "--last", "24h", "--until", "2026-11-02", "--time-zone", "Europe/Berlin")).Done;

        Assert.Equal(
            [
                new Period { From = Canned.At("2100-11-16T06:00:00Z"), TimeZone = "Asia/Shanghai" },
                new Period
                {
                    From = Canned.At("2026-10-31T23:00:00Z"),
                    Until = Canned.At("2026-11-01T23:00:00Z"),
                    TimeZone = "Europe/Berlin",
                },
            ],
            city.Asked.Cast<ListSessionsRequest>().Select(r => r.Period));
    }

    [Fact]
    public async Task Last_counts_back_from_the_moment_that_the_answer_is_of()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("sessions", "--last", "24h", "--as-of", "2026-11-02")).Done;
        _ = (await city.RunAsync("compliance", "--last", "7d", "--as-of", "2026-11-02T12:00")).Done;
        _ = (await city.RunAsync("compliance", "--last", "2w", "--last-date", "2026-11-30")).Done;

        Assert.Equal(Canned.At("2026-10-31T16:00:00Z"), ((ListSessionsRequest)city.Asked.First()).Period.From);
        Assert.Equal(
            [new DateRange { First = "2026-10-27" }, new DateRange { First = "2026-11-17", Last = "2026-11-30" }],
            city.Asked.OfType<GetComplianceRequest>().Select(r => r.Dates));
    }

    [Theory]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z")] // Doubled: the first.
    [InlineData("2026-03-29T02:30", "2026-03-29T01:30:00Z")] // Skipped: as if the clock had not moved yet.
    [InlineData("2026-07-01", "2026-06-30T22:00:00Z")]
    public async Task Local_times_follow_the_zones_calendar(string typed, string instant)
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("visits", "--from", typed, "--until", "2027-01-01", "--time-zone", "Europe/Berlin")).Done;

        Assert.Equal(Canned.At(instant), city.OnlyQuestion<ListVisitsRequest>().Period.From);
    }

    [Fact]
    public async Task Faults_without_a_period_are_those_open_now()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("faults", "--severity", "MAJOR", "--code", "101", "102", "--reported-only")).Done;
        _ = (await city.RunAsync("faults", "--last", "1d")).Done;

        var asked = city.Asked.Cast<ListFaultsRequest>().ToList();
        Assert.Null(asked[0].Period);
        Assert.Equal((FaultSeverity.Major, true), (asked[0].MinSeverity, asked[0].ExcludeDerived));
        Assert.Equal([101, 102], asked[0].Codes);
        Assert.NotNull(asked[1].Period);
    }

    [Fact]
    public async Task Dates_and_verdicts_reach_the_server()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("obligations", "--date", "2026-11-22", "--verdict", "missed,on-time", "--window", "NOON")).Done;
        _ = (await city.RunAsync("obligations", "--first", "2026-11-01", "--point", "G-1")).Done;

        var asked = city.Asked.Cast<ListObligationsRequest>().ToList();
        Assert.Equal(new DateRange { First = "2026-11-22", Last = "2026-11-22" }, asked[0].Dates);
        Assert.Equal([Verdict.Missed, Verdict.OnTime], asked[0].Verdicts);
        Assert.Equal(["NOON"], asked[0].WindowKeys);
        Assert.Equal(new DateRange { First = "2026-11-01" }, asked[1].Dates);
        Assert.Equal(["G-1"], asked[1].Scope.PointIds);
    }

    [Theory]
    [InlineData(2500, 2500, new[] { 1000, 1000, 500 }, false)]
    [InlineData(1200, 2500, new[] { 1000, 200 }, true)]
    [InlineData(10, 5, new[] { 10 }, false)]
    public async Task Pages_are_followed_up_to_the_limit(int limit, int rows, int[] sizes, bool more)
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListTrucksRequest>(request =>
        {
            var start = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, null);
            var end = Math.Min(start + request.PageSize, rows);
            var trucks = Enumerable.Range(start, end - start).Select(i => new Truck { TruckId = $"T-{i}" });
            return new ListTrucksResponse { Trucks = { trucks }, NextPageToken = end < rows ? $"{end}" : "" };
        });

        var run = await city.RunAsync("trucks", "--limit", $"{limit}", "--output", "csv");

        Assert.Equal(0, run.Code);
        Assert.Equal(sizes, city.Asked.Cast<ListTrucksRequest>().Select(r => r.PageSize));
        var ids = run.Out.Split("\r\n")[1..^1].Select(line => line.Split(',')[0]);
        Assert.Equal(Enumerable.Range(0, Math.Min(limit, rows)).Select(i => $"T-{i}"), ids);
        Assert.Equal(more, run.Error.Contains("there are more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dead_letters_are_replayed_by_number_device_or_reason_and_all_of_them_only_when_meant()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ReplayDeadLettersRequest>(new ReplayDeadLettersResponse { Replayed = 3, Stored = 2, Failed = 1 });

        city.Answering<ListDeadLettersRequest>(new ListDeadLettersResponse
        {
            DeadLetters =
            {
                new DeadLetter
                {
                    DeadLetterId = 18, DeviceId = "P-1", Problem = "No such port.", Reason = DeadLetterReason.UnknownPort,
                },
            },
        });

        var failed = await city.RunAsync("dead-letters", "replay", "17", "18");
        _ = await city.RunAsync("dead-letters", "replay", "--device", "P-1", "--reason", "unknown-device");
        _ = await city.RunAsync("dead-letters", "replay", "--all");
        var nothing = await city.RunAsync("dead-letters", "replay");

        Assert.Equal((1, ""), (failed.Code, failed.Error));
        Assert.Matches(@"\n *3 +2 +1", failed.Out.ReplaceLineEndings("\n"));
        Assert.Contains("No. 18 P-1: UNKNOWN_PORT, No such port.", failed.Out, StringComparison.Ordinal);
        Assert.Equal(
            [
                new ReplayDeadLettersRequest { DeadLetterIds = { 17, 18 } },
                new ReplayDeadLettersRequest { DeviceId = "P-1", Reason = DeadLetterReason.UnknownDevice },
                new ReplayDeadLettersRequest(),
            ],
            city.Asked.OfType<ReplayDeadLettersRequest>());
        Assert.Equal(2, nothing.Code);
    }

    [Theory]
    [InlineData("13:59", "2100-11-23T05:59:00Z")]
    [InlineData("14:00:00", "2100-11-23T06:00:00Z")]
    [InlineData("14:01", "2100-11-22T06:01:00Z")] // Not yet today.
    [InlineData("2026-11-22T02:13", "2026-11-21T18:13:00Z")]
    [InlineData("2026-11-22T02:13:00+01:00", "2026-11-22T01:13:00Z")]
    public async Task A_time_of_day_is_the_last_one_that_was(string typed, string instant)
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("timeline", "P-1", "--at", typed)).Done;

        Assert.Equal(
            new GetStatusTimelineRequest { PileId = "P-1", At = Canned.At(instant), PageSize = 1000 },
            city.OnlyQuestion<GetStatusTimelineRequest>());
    }

    [Fact]
    public async Task A_time_of_day_as_of_an_earlier_moment_is_the_last_one_before_that()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("timeline", "P-1", "--at", "02:13", "--as-of", "2026-11-22T02:00")).Done;
        _ = (await city.RunAsync("timeline", "P-1", "--from", "2026-11-22")).Done;
        var both = await city.RunAsync("timeline", "P-1", "--at", "02:13", "--last", "1d");

        var asked = city.Asked.Cast<GetStatusTimelineRequest>().ToList();
        Assert.Equal((Canned.At("2026-11-20T18:13:00Z"), null), (asked[0].At, asked[0].Period));
        Assert.Equal((null, Canned.At("2026-11-21T16:00:00Z")), (asked[1].At, asked[1].Period.From));
        Assert.Equal((2, "smartcity: Give --at, or a period, not both."), (both.Code, both.Error.TrimEnd()));
    }

    [Fact]
    public async Task The_threshold_of_overstays_is_the_server_s_unless_typed()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("overstays", "--open", "--pile", "P-1")).Done;
        _ = (await city.RunAsync("overstays", "--longer-than", "2h")).Done;
        _ = (await city.RunAsync("overstays", "--longer-than", "0")).Done;

        var asked = city.Asked.Cast<ListOverstaysRequest>().ToList();
        Assert.Equal((true, false), (asked[0].OpenOnly, asked[0].HasThresholdS));
        Assert.Equal(["P-1"], asked[0].Scope.PileIds);
        Assert.Equal((7200, false), (asked[1].ThresholdS, asked[1].OpenOnly));
        Assert.Equal((true, 0), (asked[2].HasThresholdS, asked[2].ThresholdS));
    }

    [Fact]
    public async Task The_target_of_capacity_is_typed_in_percent_and_the_server_s_otherwise()
    {
        await using var city = await CannedCity.StartAsync();

        _ = (await city.RunAsync("capacity", "--target", "2.5", "--compound", "C-1")).Done;
        _ = (await city.RunAsync("capacity")).Done;

        var asked = city.Asked.Cast<GetCapacityAdviceRequest>().ToList();
        Assert.Equal((0.025, false), (asked[0].Target, asked[1].HasTarget));
        Assert.Equal(["C-1"], asked[0].Scope.CompoundIds);
    }
}
