using System.Collections.Frozen;

namespace SmartCity.Domain.Faults;

/// <summary>One kind of fault of the shared table.</summary>
/// <param name="Number">The number on the wire.</param>
/// <param name="Name">Stable English name.</param>
/// <param name="ChineseName">The name shown to crews.</param>
/// <param name="Severity">What it is without a measured value; see <see cref="SeverityOf"/>.</param>
/// <param name="Debounce">How long it has to stay before it alerts. Cleared earlier, it is a transient.</param>
public sealed record FaultCode(int Number, string Name, string ChineseName, Severity Severity, TimeSpan Debounce)
{
    /// <summary>The number of every fault that the table does not know.</summary>
    public const int VendorOtherNumber = 999;

    /// <summary>A port is too hot.</summary>
    public const int PortOverTemperature = 102;

    /// <summary>A port is hotter than its load, the air and its siblings explain. Derived.</summary>
    public const int TemperatureRiseAbnormal = 106;

    /// <summary>Colder than the pile is rated for. Derived.</summary>
    public const int AmbientUnderTemperature = 107;

    /// <summary>A port gives more than it is rated for.</summary>
    public const int OverPowerPort = 204;

    /// <summary>The pile is silent.</summary>
    public const int Offline = 701;

    /// <summary>A port changes its mind too often. Derived.</summary>
    public const int StatusFlapping = 705;

    /// <summary>A port this hot endangers life, C.</summary>
    public const double CriticalPortTempC = 80;

    private static readonly FrozenDictionary<int, FaultCode> Table = Rows().ToFrozenDictionary(code => code.Number);

    /// <summary>Every code of the table, by number.</summary>
    public static IReadOnlyList<FaultCode> All { get; } = [.. Table.Values.OrderBy(code => code.Number)];

    /// <summary>The table's row; for an unknown number that of 999 VENDOR_OTHER.</summary>
    public static FaultCode Find(int number) => Table.TryGetValue(number, out var code) ? code : Table[VendorOtherNumber];

    /// <summary>The severity of a fault with the value it was raised with. Only heat depends on the value.</summary>
    public static Severity SeverityOf(int number, double? value) =>
        number == PortOverTemperature && value >= CriticalPortTempC ? Severity.Critical : Find(number).Severity;

    private static IEnumerable<FaultCode> Rows() => [.. Heat(), .. Electric(), .. Parts(), .. Surroundings(), .. Controls()];

    private static IEnumerable<FaultCode> Heat() =>
    [
        Row(101, "SMOKE_DETECTED", "烟雾报警", Severity.Critical, 0),
        Row(PortOverTemperature, "PORT_OVER_TEMPERATURE", "端口过温", Severity.Major, 30),
        Row(103, "CABINET_OVER_TEMPERATURE", "箱体过温", Severity.Major, 30),
        Row(104, "CONDUCTOR_OVER_TEMPERATURE", "导线过温", Severity.Critical, 30),
        Row(105, "FIRE_SUPPRESSION_TRIGGERED", "灭火装置触发", Severity.Critical, 0),
        Row(TemperatureRiseAbnormal, "TEMPERATURE_RISE_ABNORMAL", "温升异常", Severity.Major, 0),
        Row(AmbientUnderTemperature, "AMBIENT_UNDER_TEMPERATURE", "环境低温", Severity.Minor, 600),
    ];

    private static IEnumerable<FaultCode> Electric() =>
    [
        Row(201, "OVER_CURRENT", "过流", Severity.Major, 0),
        Row(202, "SHORT_CIRCUIT", "短路", Severity.Critical, 0),
        Row(203, "LEAKAGE_CURRENT", "漏电", Severity.Critical, 0),
        Row(OverPowerPort, "OVER_POWER_PORT", "端口超功率", Severity.Major, 30),
        Row(205, "OVER_POWER_PILE", "整桩超功率", Severity.Major, 30),
        Row(206, "POWER_SURGE", "动态过载", Severity.Major, 30),
        Row(207, "OVER_VOLTAGE", "过压", Severity.Major, 10),
        Row(208, "UNDER_VOLTAGE", "欠压", Severity.Minor, 10),
        Row(209, "MAINS_POWER_LOSS", "市电断电", Severity.Major, 0),
        Row(210, "FUSE_BLOWN", "保险丝熔断", Severity.Major, 60),
        Row(211, "SURGE_ARRESTER_FAILURE", "防雷器故障", Severity.Minor, 0),
    ];

    private static IEnumerable<FaultCode> Parts() =>
    [
        Row(301, "RELAY_STUCK_CLOSED", "继电器粘连", Severity.Critical, 0),
        Row(302, "RELAY_OPEN_FAILURE", "继电器无法闭合", Severity.Major, 60),
        Row(401, "METER_FAILURE", "计量故障", Severity.Major, 180),
        Row(402, "DETECTION_CIRCUIT_FAILURE", "检测电路故障", Severity.Major, 180),
        Row(403, "PLUG_SENSOR_FAILURE", "插头检测故障", Severity.Minor, 180),
        Row(404, "STORAGE_FAILURE", "存储器损坏", Severity.Minor, 0),
        Row(405, "TEMP_SENSOR_MISSING", "无温度传感器", Severity.Info, 0),
        Row(501, "SOCKET_LOOSE_CONTACT", "插座接触不良", Severity.Major, 180),
        Row(502, "SOCKET_SPRING_STUCK", "插座弹片卡住", Severity.Minor, 180),
        Row(503, "CONNECTOR_LOCK_FAILURE", "枪锁故障", Severity.Major, 0),
    ];

    private static IEnumerable<FaultCode> Surroundings() =>
    [
        Row(601, "DOOR_OPEN", "柜门打开", Severity.Major, 10),
        Row(602, "TILT", "倾斜", Severity.Major, 10),
        Row(603, "WATER_INGRESS", "水浸", Severity.Critical, 0),
        Row(604, "EMERGENCY_STOP", "急停按下", Severity.Critical, 0),
    ];

    private static IEnumerable<FaultCode> Controls() =>
    [
        Row(Offline, "OFFLINE", "离线", Severity.Major, 0), // The silence itself was waited for already.
        Row(702, "WEAK_SIGNAL", "信号弱", Severity.Info, 600),
        Row(703, "CARD_READER_FAILURE", "读卡器故障", Severity.Minor, 0),
        Row(704, "CLOCK_INVALID", "时钟无效", Severity.Info, 0),
        Row(StatusFlapping, "STATUS_FLAPPING", "状态频繁跳变", Severity.Minor, 0),
        Row(801, "EV_COMMUNICATION", "车辆通信故障", Severity.Major, 0),
        Row(802, "PILOT_FAULT", "导引信号故障", Severity.Major, 0),
        Row(803, "INSULATION_FAULT", "绝缘故障", Severity.Major, 0),
        Row(804, "POWER_MODULE", "电源模块故障", Severity.Major, 0),
        Row(901, "INTERNAL_ERROR", "内部错误", Severity.Minor, 0),
        Row(902, "FIRMWARE_UPDATE_FAILED", "固件升级失败", Severity.Minor, 0),
        Row(VendorOtherNumber, "VENDOR_OTHER", "厂商其他故障", Severity.Minor, 0),
    ];

    private static FaultCode Row(int number, string name, string chineseName, Severity severity, int debounceSeconds) =>
        new(number, name, chineseName, severity, TimeSpan.FromSeconds(debounceSeconds));
}
