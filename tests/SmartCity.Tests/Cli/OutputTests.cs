using Google.Protobuf;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class OutputTests
{
    [Fact]
    public async Task A_table_in_a_file_is_plain_aligned_text_in_local_time()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListPortsRequest>(Canned.Ports);

        var lines = (await city.RunAsync("ports")).Done.Split(Environment.NewLine);

        Assert.Contains("P-1/2", lines[1], StringComparison.Ordinal);
        Assert.Contains("CHARGING 充电中", lines[1], StringComparison.Ordinal);
        Assert.Contains("2026-11-23 14:05:09", lines[1], StringComparison.Ordinal);
        Assert.Contains("222", lines[1], StringComparison.Ordinal);
        Assert.Contains("102 701", lines[1], StringComparison.Ordinal);
        Assert.Contains("OFFLINE 离线 (was PLUGGED)", lines[2], StringComparison.Ordinal);
        // An old reading is no reading of now; when it was made is told.
        Assert.DoesNotContain("987", lines[2], StringComparison.Ordinal);
        Assert.Contains("1970-01-01 08:00:00", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        Assert.All(lines, line => Assert.DoesNotContain(line, c => c == '\u001b' || c is >= '\u2500' and <= '\u257f'));
        Assert.Equal(
            "seen 98.2 %; as of 2026-11-23 14:05:09 (Asia/Shanghai); newest record 2026-11-23 14:05:09; 2 of 40 devices silent; "
            + "1,234 messages not in this answer yet",
            lines[^2]);
    }

    [Fact]
    public async Task A_table_on_a_screen_has_boxes_and_colours_and_leaves_out_what_has_no_place()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListPortsRequest>(Canned.Ports);

        var wide = (await city.RunAsync(pretty: true, width: 200, "ports")).Done;
        var narrow = (await city.RunAsync(pretty: true, width: 60, "ports")).Done;

        Assert.Contains("╭", wide, StringComparison.Ordinal);
        Assert.Contains("\u001b[", wide, StringComparison.Ordinal);
        Assert.Contains("S-9", wide, StringComparison.Ordinal);
        Assert.DoesNotContain("Left out", wide, StringComparison.Ordinal);
        Assert.Contains("CHARGING 充电中", narrow, StringComparison.Ordinal);
        Assert.DoesNotContain("S-9", narrow, StringComparison.Ordinal);
        Assert.Contains("Left out for want of width: ", narrow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_has_every_field_and_quotes_by_the_rules()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListPortsRequest>(Canned.Ports);

        var csv = (await city.RunAsync("ports", "--output", "csv")).DoneWithRemarks;

        var lines = csv.Split("\r\n");
        Assert.Equal(
            "pile_id,port,compound_id,status,last_known_status,status_since,stale,last_heard_time,session_id,last_meter.time,"
            + "last_meter.port,last_meter.session_id,last_meter.voltage_v,last_meter.current_a,last_meter.power_w,"
            + "last_meter.session_energy_wh,last_meter.register_wh,last_meter.port_temp_c,last_meter.ambient_temp_c,"
            + "last_meter.leakage_ma,vendor_status,fault_codes,meter_current",
            lines[0]);
        Assert.Equal(
            "P-1,2,C-1,CHARGING,UNSPECIFIED,2026-11-23T14:05:09+08:00,false,2026-11-23T14:05:09+08:00,S-9,"
            + "1970-01-01T08:00:00.001+08:00,2,,,,221.6,,,,,,,102; 701,true",
            lines[1]);
        Assert.Equal("P-2,1,C-1,OFFLINE,PLUGGED,,true,,,1970-01-01T08:00:00.001+08:00,1,,,,987,,,,,,\"a,\"\"b\"\"\nc\",,false", lines[2]);
        Assert.Equal(["", .. lines[..3]], [.. lines[3..], .. lines[..3]]); // Ends with a line end, and nothing follows.
    }

    [Fact]
    public async Task Json_is_the_response()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListPortsRequest>(Canned.Ports);

        var json = (await city.RunAsync("ports", "-o", "json")).Done;

        Assert.Equal(Canned.Ports, JsonParser.Default.Parse<ListPortsResponse>(json));
        Assert.Contains("\"stale\": false", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ratios_are_percent_with_what_was_seen_beside_them_and_the_total_is_last()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<GetUtilizationRequest>(Canned.Utilization);

        var lines = (await city.RunAsync("utilization", "--bucket", "day")).Done.Split(Environment.NewLine);

        Assert.Matches(@"^ *锦绣苑 \(C-1\) +2026-11-22 +37\.5 % +- +50\.0 % +1,234\.56 +12 ", lines[1]);
        Assert.Matches(@"^ *C-2 +- +- +- +- ", lines[2]);
        Assert.Matches(@"^ *all +- +37\.5 % +- +25\.0 % ", lines[3]);
    }

    [Fact]
    public async Task Compliance_states_its_tolerances()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<GetComplianceRequest>(new GetComplianceResponse
        {
            Rows = { new ComplianceRow { FullDayCompliance = 2 / 3d, Due = 90, Undetermined = 9, Missed = 4 } },
            Tolerances = { Canned.Window },
            Quality = Canned.Quality,
        });

        var text = (await city.RunAsync("compliance")).Done;

        Assert.Matches(@"三清达标率.*\n *all +66\.7 % +- +- +90\.0 % +90 +0 +0 +4 +9 ", text.ReplaceLineEndings("\n"));
        Assert.Contains(
            "NOON 11:00-14:00: on time from 0 s before to 15 min 00 s after; counted from 1 h 00 min before to 2 h 00 min after.",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_middle_to_the_neighbouring_window_cuts_what_counts_the_cut_is_told()
    {
        await using var city = await CannedCity.StartAsync();
        var window = Canned.Window;
        (window.AcceptedBeforeS, window.AcceptedAfterS, window.Excepted) = (3600, 5850, 2);
        city.Answering<GetComplianceRequest>(new GetComplianceResponse { Tolerances = { window } });

        Assert.Contains(
            "counted from 1 h 00 min before to 1 h 37 min 30 s after. 2 of its collections have other hours by exception.",
            (await city.RunAsync("compliance")).Done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_a_truck_could_have_come_unseen_is_told_only_where_it_decides()
    {
        await using var city = await CannedCity.StartAsync();
        var answer = Canned.Explanation.Clone();
        answer.Obligation.Verdict = Verdict.Undetermined;
        answer.Obligation.PrimaryVisit = null;
        city.Answering<ExplainObligationRequest>(answer);

        Assert.Contains(
            "T-1: could have come unseen between 2026-11-22 11:10:00 and 2026-11-22 13:10:00; 41 positions in the window.",
            (await city.RunAsync("explain", "G-1/2026-11-22/NOON")).Done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_about_nothing_that_could_be_seen_says_nothing_about_seeing()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListVisitsRequest>(new ListVisitsResponse { Quality = new DataQuality { AsOf = Canned.Noon, Devices = 2 } });

        var text = (await city.RunAsync("visits")).Done;

        Assert.DoesNotContain("seen", text, StringComparison.Ordinal);
        Assert.Contains("as of 2026-11-23 14:05:09 (Asia/Shanghai); 0 of 2 devices silent", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Utilization_tells_its_period_and_faults_tell_of_ports_that_name_none()
    {
        await using var city = await CannedCity.StartAsync();
        var answer = Canned.Utilization.Clone();
        answer.Period = new Period { From = Canned.At("2026-11-15T16:00:00Z"), Until = Canned.Noon, TimeZone = "Asia/Shanghai" };
        city.Answering<GetUtilizationRequest>(answer);
        city.Answering<ListFaultsRequest>(new ListFaultsResponse { FaultedWithoutFault = { "P-1/2", "P-1/3" } });

        Assert.Contains(
            "Period: 2026-11-16 00:00:00 until 2026-11-23 14:05:09 (Asia/Shanghai)", (await city.RunAsync("utilization")).Done,
            StringComparison.Ordinal);
        Assert.Contains(
            "2 ports say FAULTED 故障 without naming a fault: P-1/2, P-1/3 (smartcity ports --status faulted)",
            (await city.RunAsync("faults")).Done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_statistics_tell_how_many_found_faults_they_leave_out()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<GetFaultStatisticsRequest>(new GetFaultStatisticsResponse());
        city.Answering<ListFaultsRequest>(new ListFaultsResponse { Faults = { new Fault { Derived = true }, new Fault() } });

        var text = (await city.RunAsync("fault-stats")).Done;

        Assert.Contains(
            "1 fault that the server found is still there and left out; --derived counts those too.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", (await city.RunAsync("fault-stats", "--derived")).Done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_reads_like_an_answer()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ExplainObligationRequest>(Canned.Explanation);

        var text = (await city.RunAsync("explain", "G-1/2026-11-22/NOON", "--as-of", "2026-11-23T09:00")).Done;

        Assert.Equal(
            """
            Was 东门 (G-1) emptied in the window NOON of 2026-11-22, 11:00:00 to 14:00:00?
            LATE (迟收): yes, but late. Truck T-7 collected at 14:25:00, 25 min after the window.
              Why 原因: Truck T-7 stood 95 s.
              How sure 把握: Only probable.
              May it change 能否更正: This may still change.

            Trucks at the point 到点车辆:
              2026-11-22 14:25:00 to 14:27:00  T-7  PRIMARY 有效, proof B 充分, stopped 1 min 35 s, nearest 22 m

            Evidence 证据:
              2026-11-22 14:25:30  T-7  RFID_LIFT 桶标签 E200 at 22 m, received 2026-11-23 14:05:09. unknown tag

            Exceptions 例外:
              snow  CANCEL 取消, SNOW, declared by Li 2026-11-23 14:05:09. APPROVE by Wang 2026-11-23 14:05:09. Nothing.

            Confirmed by people 人工确认:
              c-1  Zhao says it was served 2026-11-23 14:05:09 by T-7, entered 2026-11-23 14:05:09. "Saw it"

            What was known when 更正记录:
              2026-11-23 14:05:09  LATE 迟收, probable, restated. It came in.

            Rule 规则:
              On time from 2026-11-22 11:00:00 until 2026-11-22 14:15:00; early or late from 2026-11-22 10:00:00 until 2026-11-22 15:30:00.


            """.ReplaceLineEndings("\n"),
            text[..text.IndexOf("seen 98.2", StringComparison.Ordinal)].ReplaceLineEndings("\n"));
        var asked = city.OnlyQuestion<ExplainObligationRequest>();
        Assert.Equal(("G-1/2026-11-22/NOON", Canned.At("2026-11-23T01:00:00Z")), (asked.ObligationId, asked.AsOf));
    }

    [Fact]
    public async Task An_empty_answer_says_so()
    {
        await using var city = await CannedCity.StartAsync();

        Assert.StartsWith("Nothing found.", (await city.RunAsync("ports")).Done, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_has_how_complete_it_is_beside_the_rows()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<ListPortsRequest>(Canned.Ports);

        var run = await city.RunAsync("ports", "--output", "csv");

        Assert.DoesNotContain("98.2", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("seen 98.2 %; as of 2026-11-23 14:05:09 (Asia/Shanghai)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_code_of_the_table_has_the_name_that_crews_use() =>
        Assert.All(SmartCity.Domain.Faults.FaultCode.All, code => Assert.Equal(code.ChineseName, FaultNames.Of(code.Number)));

    [Fact]
    public async Task What_nobody_saw_is_no_zero()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<GetUtilizationRequest>(new GetUtilizationResponse
        {
            Rows = { new UtilizationRow { Coverage = 0, CommissionedSeconds = 60, Turnover = 0 } },
            Period = new Period { From = Canned.At("2101-01-01T00:00:00Z"), Until = Canned.At("2101-01-02T00:00:00Z") },
        });

        var text = (await city.RunAsync("utilization")).Done;

        Assert.Matches(@"\n *all +- +- +0\.0 % +- +- +- ", text.ReplaceLineEndings("\n"));
        Assert.Contains("The period lies ahead: nothing is known of it yet.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_come_by_the_time_of_the_day_and_what_is_left_out_is_said()
    {
        await using var city = await CannedCity.StartAsync();
        WindowTolerance Opens(string key, string start) => new() { WindowKey = key, StartLocal = start };
        city.Answering<GetComplianceRequest>(new GetComplianceResponse
        {
            Rows =
            {
                new ComplianceRow { Key = new RowKey { GroupId = "EVENING" } },
                new ComplianceRow { Key = new RowKey { GroupId = "MORNING" } },
            },
            Tolerances = { Opens("EVENING", "17:00"), Opens("MORNING", "04:30") },
        });
        city.Answering<ListSessionsRequest>(new ListSessionsResponse { Sessions = { new Session() }, NextPageToken = "more" });

        var text = (await city.RunAsync("compliance", "--group-by", "window")).Done;
        var sessions = await city.RunAsync("sessions", "--limit", "1");

        Assert.True(text.IndexOf("MORNING", StringComparison.Ordinal) < text.IndexOf("EVENING", StringComparison.Ordinal), text);
        Assert.Contains("the oldest 1 rows; there are more. The newer ones are left out", sessions.Error, StringComparison.Ordinal);
    }
}
