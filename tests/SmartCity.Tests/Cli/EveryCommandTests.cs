using Google.Protobuf;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class EveryCommandTests
{
    [Theory]
    [InlineData("table", "ports", "CHARGING 充电中", "ports")]
    [InlineData("table", "utilization", "锦绣苑", "utilization")]
    [InlineData("table", "sessions", "not metered 未计量", "sessions")]
    [InlineData("table", "timeline", "fault 201 209", "timeline", "P-1")]
    [InlineData("table", "overstays", "FINISHED_PLUGGED 已充满未拔", "overstays")]
    [InlineData("table", "capacity", "2..9", "capacity")]
    [InlineData("table", "capacity", "few sessions, hours nearly always full", "capacity")]
    [InlineData("table", "faults", "102 PORT_OVER_TEMPERATURE 端口过温", "faults")]
    [InlineData("table", "fault-stats", "1 h 30 min", "fault-stats")]
    [InlineData("table", "compliance", "66.7 %", "compliance")]
    [InlineData("table", "compliance", "9.5..90.6 %", "compliance")]
    [InlineData("table", "obligations", "MISSED 漏收, not final", "obligations")]
    [InlineData("table", "explain", "LATE 迟收", "explain", "G-1/2026-11-22/NOON")]
    [InlineData("table", "visits", "DUPLICATE 重复", "visits")]
    [InlineData("table", "exceptions list", "DECLARED 待批 CANCEL 取消", "exceptions", "list")]
    [InlineData("table", "exceptions declare", "Next: smartcity exceptions approve x1 --by", "exceptions", "declare", "cancel", "--date",
        "2026-11-23", "--point", "G-1", "--reason", "SNOW", "--by", "Li")]
    [InlineData("table", "exceptions approve", "Covers 3 collections: 2 cancelled, 1 excused if not served.", "exceptions", "approve",
        "x1", "--by", "Wang")]
    [InlineData("table", "confirm", "It waits.", "confirm", "G-1/2026-11-22/NOON", "--by", "Li")]
    [InlineData("table", "confirm accept", "APPROVE", "confirm", "accept", "c1", "--by", "Wang", "--supervisor")]
    [InlineData("table", "confirm list", "WAITING 待审", "confirm", "list")]
    [InlineData("csv", "exceptions list", "exception_id,kind,reason", "exceptions", "list")]
    [InlineData("csv", "explain", "\r\nquestion,", "explain", "G-1/2026-11-22/NOON")]
    [InlineData("table", "trucks", "43.84000,126.55000", "trucks")]
    [InlineData("table", "at-risk", "LATE 预计迟收", "at-risk")]
    [InlineData("csv", "at-risk", "outlook.risk", "at-risk")]
    [InlineData("table", "ingest", "not listening", "ingest")]
    [InlineData("table", "dead-letters", "BAD_TOPIC", "dead-letters")]
    [InlineData("table", "receipts", "1-3 7-9", "receipts")]
    [InlineData("table", "gaps", "4-6 9", "gaps")]
    [InlineData("csv", "gaps", "device_id,boot,missing,seqs", "gaps")]
    [InlineData("json", "gaps", "\"missing\": \"4\"", "gaps")]
    [InlineData("table", "ingest", "Missing 缺失 40, of 2 devices", "ingest")]
    [InlineData("table", "assets list", "东站, compound C-1, EBIKE_AC, ports 10, at 43.8,", "assets", "list", "--kind", "pile")]
    [InlineData("table", "assets get", "further notice", "assets", "get", "P-1", "--kind", "pile")]
    [InlineData("csv", "sessions", "pile_id,port,session_id", "sessions")]
    [InlineData("csv", "timeline", "port,from_time,until_time,status,cause,fault_codes", "timeline", "P-1")]
    [InlineData("csv", "overstays", "pile_id,port,compound_id,session_id,status,since_time", "overstays")]
    [InlineData("csv", "capacity", "compound_id,compound_name,kind,ports,unsaturated_seconds", "capacity")]
    [InlineData("csv", "faults", "fault_id,pile_id", "faults")]
    [InlineData("csv", "fault-stats", "key.group_id", "fault-stats")]
    [InlineData("csv", "compliance", "key.group_id", "compliance")]
    [InlineData("csv", "obligations", "primary_visit.truck_id", "obligations")]
    [InlineData("csv", "explain", "\r\nverdict,LATE\r\n", "explain", "G-1/2026-11-22/NOON")]
    [InlineData("csv", "ingest", "messages_received", "ingest")]
    [InlineData("csv", "receipts", "\"first 1, last 3; first 7, last 9\"", "receipts")]
    [InlineData("csv", "dead-letters", ",aG90,", "dead-letters")]
    [InlineData("csv", "assets list", "pile.location.lat", "assets", "list", "--kind", "pile")]
    [InlineData("json", "explain", "\"reasons\"", "explain", "G-1/2026-11-22/NOON")]
    [InlineData("json", "timeline", "STATUS_CAUSE_FAULT", "timeline", "P-1")]
    [InlineData("json", "overstays", "\"periodSeconds\": 5400", "overstays")]
    [InlineData("json", "capacity", "\"portsToAdd\": 4", "capacity")]
    [InlineData("json", "ingest", "\"messagesReceived\": \"10\"", "ingest")]
    [InlineData("json", "visits", "\"visits\"", "visits")]
    public async Task Every_question_is_answered_in_every_form(string output, string name, string expected, params string[] args)
    {
        await using var city = Filled(await CannedCity.StartAsync());

        var text = (await city.RunAsync([.. args, "--output", output])).DoneWithRemarks;

        Assert.True(text.Contains(expected, StringComparison.Ordinal), $"{name}: {text}");
        // Beside statistics stands what they leave out.
        Assert.Equal((output, name) == ("table", "fault-stats") ? 2 : 1, city.Asked.Count);
    }

    [Fact]
    public async Task Csv_of_assets_has_columns_of_their_kind_only()
    {
        await using var city = Filled(await CannedCity.StartAsync());

        var header = (await city.RunAsync("assets", "list", "--kind", "pile", "-o", "csv")).Done.Split("\r\n")[0];

        Assert.Equal(
            "id,valid_from,valid_until,recorded_time,pile.name,pile.compound_id,pile.kind,pile.ports,pile.rated_port_power_w,"
            + "pile.report_interval_s,pile.vendor,pile.model,pile.location.lat,pile.location.lon",
            header);
    }

    [Fact]
    public async Task Ingest_that_does_not_add_up_is_told()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<GetIngestStatusRequest>(new GetIngestStatusResponse { MessagesReceived = 3, MessagesStored = 2 });

        Assert.Contains("do not add up", (await city.RunAsync("ingest")).Done, StringComparison.Ordinal);
    }

    private static RateInterval Half => new() { Low = 0.0945, High = 0.9055 };

    private static void Lacking(CannedCity city) => city.Answering<GetCapacityAdviceRequest>(new GetCapacityAdviceResponse
    {
        Advice =
        {
            new CapacityAdvice
            {
                CompoundId = "C-1", PortsToAdd = 4, PortsToAddLow = 2, PortsToAddHigh = 9,
                Caveats = { CapacityCaveat.FewSessions, CapacityCaveat.HoursBorrowed },
            },
        },
    });

    private static void Missing(CannedCity city) => city.Answering<ListGapsRequest>(new ListGapsResponse
    {
        Gaps =
        {
            new Gap { Missing = 4, Seqs = { new SeqRange { First = 4, Last = 6 }, new SeqRange { First = 9, Last = 9 } } },
        },
        TotalMissing = 4,
    });

    private static void Decided(CannedCity city)
    {
        var exception = new CollectionException
        {
            ExceptionId = "x1", State = ExceptionState.Declared, Kind = ExceptionKind.Cancel, FirstDate = "2026-11-23",
            LastDate = "2026-11-23",
        };
        city
            .Answering<ListExceptionsRequest>(new ListExceptionsResponse { Exceptions = { exception } })
            .Answering<DeclareExceptionRequest>(new DeclareExceptionResponse { Exception = exception })
            .Answering<DecideExceptionRequest>(new DecideExceptionResponse
            {
                Exception = exception, Effect = new ExceptionEffect { Covered = 3, Cancelled = 2, Excused = 1 },
            })
            .Answering<ConfirmCollectionRequest>(new ConfirmCollectionResponse
            {
                Confirmation = new CollectionConfirmation { ConfirmationId = "c1" }, Notes = { "It waits." },
            })
            .Answering<ListConfirmationsRequest>(new ListConfirmationsResponse
            {
                Confirmations = { new ConfirmationRow { EvidenceId = "c1", State = ConfirmationState.Waiting } },
            })
            .Answering<DecideConfirmationRequest>(new DecideConfirmationResponse
            {
                Decisions = { new DecisionRecord { Decision = Decision.Approve } },
            })
            .Answering<ListAtRiskRequest>(new ListAtRiskResponse
            {
                Obligations =
                {
                    new AtRiskObligation
                    {
                        Obligation = new Obligation { ObligationId = "G-1/2026-11-22/NOON" },
                        Outlook = new CollectionOutlook { Risk = CollectionRisk.Late, Trucks = { new TruckOutlook { TruckId = "T-7" } } },
                    },
                },
            });
    }

    internal static CannedCity Filled(CannedCity city)
    {
        var asset = new Asset
        {
            Id = "P-1",
            ValidFrom = Canned.Noon,
            Pile = new Pile
            {
                Name = "东站", CompoundId = "C-1", Kind = PileKind.EbikeAc, Ports = 10,
                Location = new GeoPoint { Lat = 43.8, Lon = 126.5 },
            },
        };
        var visit = new Visit { TruckId = "T-7", PointId = "G-1", ArriveTime = Canned.Noon, Role = VisitRole.Duplicate };
        Decided(city);
        Lacking(city);
        Missing(city);
        return city
            .Answering<ListPortsRequest>(Canned.Ports)
            .Answering<GetUtilizationRequest>(Canned.Utilization)
            .Answering<ExplainObligationRequest>(Canned.Explanation)
            .Answering<ListSessionsRequest>(new ListSessionsResponse { Sessions = { new Session { Estimated = true } } })
            .Answering<GetStatusTimelineRequest>(new GetStatusTimelineResponse
            {
                Segments =
                {
                    new TimelineSegment { Port = 1, Status = PortStatus.Faulted, Cause = StatusCause.Fault, FaultCodes = { 201, 209 } },
                },
            })
            .Answering<ListOverstaysRequest>(new ListOverstaysResponse
            {
                Overstays = { new Overstay { PileId = "P-1", Status = PortStatus.FinishedPlugged, PeriodSeconds = 5400 } },
            })
            .Answering<ListFaultsRequest>(
                new ListFaultsResponse { Faults = { new Fault { Code = 102, CodeName = "PORT_OVER_TEMPERATURE" } } })
            .Answering<GetFaultStatisticsRequest>(
                new GetFaultStatisticsResponse { Rows = { new FaultStatisticsRow { MttrSeconds = 5400 } } })
            .Answering<GetComplianceRequest>(
                new GetComplianceResponse { Rows = { new ComplianceRow { FullDayCompliance = 2 / 3d, OnTimeInterval = Half } } })
            .Answering<ListObligationsRequest>(
                new ListObligationsResponse { Obligations = { new Obligation { Verdict = Verdict.Missed } } })
            .Answering<ListVisitsRequest>(new ListVisitsResponse { Visits = { visit } })
            .Answering<ListTrucksRequest>(new ListTrucksResponse
            {
                Trucks = { new Truck { TruckId = "T-7", Position = new GeoPoint { Lat = 43.84, Lon = 126.55 } } },
            })
            .Answering<GetIngestStatusRequest>(new GetIngestStatusResponse
            {
                MessagesReceived = 10, MessagesStored = 10, MessagesMissing = 40, DevicesWithGaps = 2,
                StartedTime = Canned.Noon, StoreKind = "duckdb",
                Brokers = { new BrokerStatus { Address = "127.0.0.1:1883", Embedded = true, Problem = "Port taken." } },
            })
            .Answering<ListDeadLettersRequest>(new ListDeadLettersResponse
            {
                DeadLetters =
                {
                    new DeadLetter { Reason = DeadLetterReason.BadTopic, Payload = ByteString.CopyFromUtf8("hot") },
                },
            })
            .Answering<GetReceiptsRequest>(new GetReceiptsResponse
            {
                Receipts =
                {
                    new Receipt { Seqs = { new SeqRange { First = 1, Last = 3 }, new SeqRange { First = 7, Last = 9 } } },
                },
            })
            .Answering<ListAssetsRequest>(new ListAssetsResponse { Assets = { asset } })
            .Answering<GetAssetRequest>(new GetAssetResponse { Asset = asset });
    }
}
