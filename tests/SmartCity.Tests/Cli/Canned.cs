using Google.Protobuf.WellKnownTypes;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

/// <summary>Answers with something in every place that a table looks at.</summary>
internal static class Canned
{
    /// <summary>14:05:09 in Shanghai.</summary>
    public static readonly Timestamp Noon = At("2026-11-23T06:05:09Z");

    public static readonly DataQuality Quality = new()
    {
        Completeness = 0.982, AsOf = Noon, LatestReceivedTime = Noon, Devices = 40, DevicesSilent = 2, BacklogMessages = 1234,
    };

    public static readonly ListPortsResponse Ports = new()
    {
        Ports =
        {
            new Port
            {
                PileId = "P-1", Port_ = 2, CompoundId = "C-1", Status = PortStatus.Charging, StatusSince = Noon,
                SessionId = "S-9", LastHeardTime = Noon, FaultCodes = { 102, 701 },
                LastMeter = new MeterRecord { Time = 1, Port = 2, PowerW = 221.6 }, MeterCurrent = true,
            },
            new Port
            {
                PileId = "P-2", Port_ = 1, CompoundId = "C-1", Status = PortStatus.Offline, LastKnownStatus = PortStatus.Plugged,
                VendorStatus = "a,\"b\"\nc", Stale = true, LastMeter = new MeterRecord { Time = 1, Port = 1, PowerW = 987 },
            },
        },
        Quality = Quality,
    };

    public static readonly GetUtilizationResponse Utilization = new()
    {
        Rows =
        {
            new UtilizationRow
            {
                Key = new RowKey { GroupId = "C-1", GroupName = "锦绣苑", BucketFrom = At("2026-11-21T16:00:00Z") },
                Occupancy = 0.375, Coverage = 0.5, EnergyWh = 1_234_560, Sessions = 12, DownSeconds = 5400, Ports = 10,
            },
            new UtilizationRow { Key = new RowKey { GroupId = "C-2" } },
        },
        Total = new UtilizationRow { Occupancy = 0.375, Coverage = 0.25, EnergyWh = 1_234_560, Sessions = 12 },
        Quality = Quality,
    };

    public static readonly ExplainObligationResponse Explanation = new()
    {
        Obligation = new Obligation
        {
            ObligationId = "G-1/2026-11-22/NOON", PointId = "G-1", PointName = "东门", ServiceDate = "2026-11-22",
            WindowKey = "NOON", WindowStart = At("2026-11-22T03:00:00Z"), WindowEnd = At("2026-11-22T06:00:00Z"),
            OnTimeFrom = At("2026-11-22T03:00:00Z"), OnTimeUntil = At("2026-11-22T06:15:00Z"),
            AcceptFrom = At("2026-11-22T02:00:00Z"), AcceptUntil = At("2026-11-22T07:30:00Z"),
            Verdict = Verdict.Late, DeviationS = 1500, Probable = true, PlannedTruckId = "T-1", Substituted = true,
            PrimaryVisit = new Visit { TruckId = "T-7", DecisionTime = At("2026-11-22T06:25:00Z") },
        },
        Reasons = { "T-7 stopped 22 m away for 95 s." },
        Answer = new PlainAnswer
        {
            Question = "Was 东门 (G-1) emptied in the window NOON of 2026-11-22, 11:00:00 to 14:00:00?",
            Answer = "LATE (迟收): yes, but late. Truck T-7 collected at 14:25:00, 25 min after the window.",
            Why = "Truck T-7 stood 95 s.",
            Certainty = "Only probable.",
            Outlook = "This may still change.",
        },
        Exceptions =
        {
            new ExceptionUse
            {
                Exception = new CollectionException
                {
                    ExceptionId = "snow", Kind = ExceptionKind.Cancel, Reason = "SNOW", DeclaredBy = "Li", DeclaredTime = Noon,
                    Decisions =
                    {
                        new DecisionRecord { Decision = Decision.Approve, DecidedBy = "Wang", DecidedTime = Noon },
                    },
                },
                Effect = "Nothing.",
            },
        },
        Confirmations =
        {
            new CollectionConfirmation
            {
                ConfirmationId = "c-1", ConfirmedBy = "Zhao", CollectedTime = Noon, RecordedTime = Noon, TruckId = "T-7", Note = "Saw it",
            },
        },
        History =
        {
            new VerdictChange { Time = Noon, Verdict = Verdict.Late, Probable = true, Restatement = true, Reason = "It came in." },
        },
        Visits =
        {
            new Visit
            {
                TruckId = "T-7", ArriveTime = At("2026-11-22T06:25:00Z"), DepartTime = At("2026-11-22T06:27:00Z"),
                StoppedSeconds = 95, MinDistanceM = 22, Grade = EvidenceGrade.B, Role = VisitRole.Primary,
            },
        },
        Evidence =
        {
            new EvidenceUse
            {
                TruckId = "T-7", Time = At("2026-11-22T06:25:30Z"), ReceivedTime = Noon, Type = EvidenceType.RfidLift,
                Epc = "E200", Reason = "unknown tag", DistanceM = 22,
            },
        },
        Trucks =
        {
            new TruckWatch
            {
                TruckId = "T-1", Tracked = true, CouldHaveComeUnseen = true, BlindFrom = At("2026-11-22T03:10:00Z"),
                BlindUntil = At("2026-11-22T05:10:00Z"), FixesInWindow = 41,
            },
        },
        Tolerance = Window,
        Quality = Quality,
    };

    public static WindowTolerance Window => new()
    {
        WindowKey = "NOON", StartLocal = "11:00", EndLocal = "14:00", LateGraceS = 900, AcceptBeforeS = 3600, AcceptAfterS = 7200,
    };

    public static Timestamp At(string instant) =>
        Timestamp.FromDateTimeOffset(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));
}
