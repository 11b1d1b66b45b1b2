namespace SmartCity.Simulator;

/// <summary>
/// Every number the simulated city rests on. None was measured in Chuanying. "Protocol" is what published e-bike pile and vehicle
/// terminal protocols prescribe or default to, "published" comes from a public report or study, "estimate" is ours.
/// </summary>
internal static class Assumptions
{
    // The district. The 100 piles and three daily collections: published (Jilin Daily, 2023-07-05). The rest: estimates.
    public const int Piles = 100, PortsPerPile = 10, Compounds = 60, Points = 300, Trucks = 20, Routes = 12;
    public const double CentreLat = 43.84, CentreLon = 126.54;

    // Reporting. Protocol: heartbeat 180 s, charging data 300 s; vehicle terminals 30 s moving, 300 s parked.
    public const int HeartbeatS = 180, MeterS = 300, MovingFixS = 30, ParkedFixS = 300, BinReadingS = 1800;

    // Charging demand (estimate): one charge every 2 to 3 days a bike, 3 to 4 bikes a port. Arrivals at a busy port are lost.
    public const double OfferedSessionsPerPortDay = 1.75;
    public const double WeekendDaytimeFactor = 1.1;

    /// <summary>Share of plug-ins by the hour of the day, in percent (estimate: noon and evening peaks).</summary>
    public static ReadOnlySpan<double> StartHourWeights =>
        [1, .5, .3, .2, .3, .8, 2, 3, 3, 2.5, 2.5, 4.5, 6, 3.5, 2.5, 2.5, 4, 9, 13.5, 13, 10, 8, 5, 2.4];

    /// <summary>Batteries: share (estimate), capacity (V x Ah), plateau power (the first and third: published).</summary>
    public static ReadOnlySpan<BatteryClass> Batteries => new BatteryClass[]
    {
        new(0.250, 576, 115, 115), new(0.350, 960, 150, 180), new(0.250, 1200, 230, 250), new(0.145, 1800, 260, 320),
        new(0.005, 1800, 450, 1000), // Modified: the ones to be found.
    };

    // The charge. Efficiency: estimate. Constant current for 70 % of the time, floating up to 2 h: protocol defaults.
    public const double WallEfficiency = 0.85, ConstantCurrentShare = 0.7, TailW = 10, FloatW = 8;
    public const double FloatMinutesMin = 20, FloatMinutesMax = 90, ChargeHoursMax = 10, RatedPortPowerW = 800;
    public const double MainsV = 222, CabinetOverAmbientC = 3, PortHeatCPerW = 0.05;

    // After the end (estimate).
    public const double LeavesSoon = 0.65, StaysOverNight = 0.15;

    /// <summary>Why sessions stop before they are full, cumulative (estimate); the rest, 62 %, is FULL.</summary>
    public const double StopByLimit = 0.14, StopByUser = 0.29, StopByOperator = 0.34, StopByLowPower = 0.365;
    public const double StopByOverload = 0.373, StopByHeat = 0.374, StopByOther = 0.38;

    // Settlement (protocol: sent again until acknowledged; shares are estimates).
    public const double LateSettlement = 0.02, DuplicateSettlement = 0.015;

    // Faults and connectivity, per month of 30 days (estimates; that false faults of 1 to 2 min are common is published).
    public const double BadPorts = 0.05, TransientFaultsPerBadPort = 1.5, FaultsPerPort = 0.02, CriticalFaultsPerPort = 0.001;
    public const double RepairMedianH = 18, RepairShape = 0.8, LinkGapsPerPile = 3.5, GapMedianMin = 4, GapSigma = 2.7;
    public const double OutagesPerCompound = 0.2, OutageMedianMin = 35, OutageSigma = 0.9;
    public const double FaultRecordLost = 0.01, TripC = 85;

    // Trucks (estimates): dwell and lifts at a point, hours of a route, speeds, payload a bin.
    public const double DwellMedianS = 90, DwellSigma = 0.55, BlockedAccess = 0.05, InCompoundKmh = 14, TransitKmh = 32;
    public const double SnowFactor = 0.85, BinMedianKg = 12, BinSigma = 0.65;
    public const double TransferMu = 2.514, TransferSigma = 0.752; // Minutes, lognormal; published (Vincent et al.).
    public const double RfidRead = 0.97, GhostRead = 0.02, UntaggedBin = 0.005, DeadSensor = 0.03;

    // Trucks (estimates): what goes wrong. Per stop, per run or per truck and day.
    public const double StopSkipped = 0.010, StopDrivenPast = 0.006, MissSnowFactor = 2, MissMondayFactor = 1.6;
    public const double RunLate = 0.05, RunNotDriven = 0.004, Breakdown = 0.004, ServedTwice = 0.012;

    // Positions: 15 m is what terminals must reach (published, JT/T 794-2019); the rest are estimates.
    public const double FixSigmaM = 5, FixOutlier = 0.012, GapsPerTruckDay = 3.5, TruckGapSigma = 0.87;
    public const double GapNewestFirst = 0.1, GapLost = 0.01;

    // Between high walls (estimates): every so many compounds, how far fixes scatter there, how many are none.
    public const int CanyonEvery = 20;
    public const double CanyonSigmaM = 12, CanyonNoFix = 0.3, CanyonReachM = 60;

    // Deliveries (estimates): sent again although it had arrived; overtaken by later ones.
    public const double SentTwice = 0.015, SentLate = 0.005;
}

/// <summary>A kind of battery: how many have it, how much it holds, how hard it charges.</summary>
internal readonly record struct BatteryClass(double Share, double CapacityWh, double PowerMinW, double PowerMaxW);
