using SmartCity.Cli.Asking;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Showing;

/// <summary>The API's words with the ones the street uses beside them: <c>CHARGING 充电中</c>.</summary>
internal static class CityWords
{
    public static string Of(PortStatus status) => Both(status, status switch
    {
        PortStatus.Unspecified => "未知",
        PortStatus.Available => "空闲",
        PortStatus.Plugged => "占用",
        PortStatus.Charging => "充电中",
        PortStatus.Floating => "浮充",
        PortStatus.SuspendedByPile => "限载暂停",
        PortStatus.FinishedPlugged => "已充满未拔",
        PortStatus.Reserved => "预约",
        PortStatus.Unavailable => "停用",
        PortStatus.Faulted => "故障",
        PortStatus.Offline => "离线",
        _ => "",
    });

    public static string Of(FaultSeverity severity) => Both(severity, severity switch
    {
        FaultSeverity.Info => "提示",
        FaultSeverity.Minor => "轻微",
        FaultSeverity.Major => "严重",
        FaultSeverity.Critical => "危急",
        _ => "",
    });

    public static string Of(FaultState state) => Both(state, state switch
    {
        FaultState.Open => "待确认",
        FaultState.Acknowledged => "已确认",
        FaultState.Assigned => "已派单",
        FaultState.Resolved => "已处理",
        FaultState.Closed => "已关闭",
        FaultState.Reopened => "复发",
        _ => "",
    });

    public static string Of(StopReason reason) => Both(reason, reason switch
    {
        StopReason.Full => "充满",
        StopReason.TimeLimit => "到时",
        StopReason.EnergyLimit => "到量",
        StopReason.AmountLimit => "余额用尽",
        StopReason.UserUnplugged => "用户拔出",
        StopReason.UserLocal => "用户停止",
        StopReason.Remote => "远程停止",
        StopReason.AdminForced => "强制停止",
        StopReason.Overload => "过载",
        StopReason.PowerTooLow => "功率过低",
        StopReason.OverTemperature => "过温",
        StopReason.Smoke => "烟雾",
        StopReason.OverCurrent => "过流",
        StopReason.Leakage => "漏电",
        StopReason.Water => "水浸",
        StopReason.PowerLoss => "断电",
        StopReason.EmergencyStop => "急停",
        StopReason.Reboot => "重启",
        StopReason.Other => "其他",
        StopReason.Abnormal => "异常结束",
        _ => "",
    });

    public static string Of(EvidenceGrade grade) => grade switch
    {
        EvidenceGrade.A => "A 确凿",
        EvidenceGrade.B => "B 充分",
        EvidenceGrade.C => "C 存疑",
        EvidenceGrade.D => "D 无效",
        _ => Say.Absent,
    };

    public static string Of(Verdict verdict) => verdict == Verdict.Undetermined ? "UNKNOWN 数据缺失" : Both(verdict, verdict switch
    {
        Verdict.Upcoming => "未到时段",
        Verdict.Pending => "待收",
        Verdict.Overdue => "超时未收",
        Verdict.OnTime => "按时",
        Verdict.Early => "提前",
        Verdict.Late => "迟收",
        Verdict.Missed => "漏收",
        Verdict.Excused => "免责",
        Verdict.Cancelled => "取消",
        _ => "",
    });

    public static string Of(CollectionRisk risk) => Both(risk, risk switch
    {
        CollectionRisk.Miss => "预计漏收",
        CollectionRisk.Unknown => "无法预计",
        CollectionRisk.Late => "预计迟收",
        CollectionRisk.Tight => "时间紧",
        CollectionRisk.OnTrack => "正常",
        _ => "",
    });

    public static string Of(VisitRole role) => Both(role, role switch
    {
        VisitRole.Primary => "有效",
        VisitRole.Duplicate => "重复",
        VisitRole.Extra => "时段外",
        VisitRole.Transit => "路过",
        _ => "",
    });

    public static string Of(EvidenceType type) => Both(type, type switch
    {
        EvidenceType.RfidLift => "桶标签",
        EvidenceType.WeightDelta => "称重",
        EvidenceType.LiftActuation => "提升",
        EvidenceType.Manual => "人工",
        EvidenceType.Photo => "照片",
        _ => "",
    });

    public static string Of(ExceptionKind kind) => Both(kind, kind switch
    {
        ExceptionKind.Excuse => "免责",
        ExceptionKind.Cancel => "取消",
        ExceptionKind.ShiftWindow => "调整时段",
        ExceptionKind.ExtendGrace => "延期",
        _ => "",
    });

    public static string Of(ConfirmationState state) => Both(state, state switch
    {
        ConfirmationState.Waiting => "待审",
        ConfirmationState.Counting => "弱证",
        ConfirmationState.Accepted => "采信",
        ConfirmationState.Rejected => "不采信",
        _ => "",
    });

    public static string Of(ExceptionState state) => Both(state, state switch
    {
        ExceptionState.Declared => "待批",
        ExceptionState.Approved => "已批",
        ExceptionState.Rejected => "驳回",
        ExceptionState.Withdrawn => "撤回",
        _ => "",
    });

    public static Tone ToneOf(PortStatus status) => status switch
    {
        PortStatus.Faulted or PortStatus.Offline => Tone.Bad,
        PortStatus.Unspecified or PortStatus.Unavailable or PortStatus.SuspendedByPile => Tone.Doubtful,
        PortStatus.Charging or PortStatus.Floating => Tone.Good,
        _ => Tone.Plain,
    };

    public static Tone ToneOf(FaultSeverity severity) => severity switch
    {
        FaultSeverity.Major or FaultSeverity.Critical => Tone.Bad,
        FaultSeverity.Minor => Tone.Doubtful,
        _ => Tone.Plain,
    };

    public static Tone ToneOf(FaultState state) => state switch
    {
        FaultState.Reopened => Tone.Bad,
        FaultState.Open => Tone.Doubtful,
        FaultState.Closed => Tone.Good,
        _ => Tone.Plain,
    };

    public static Tone ToneOf(Verdict verdict) => verdict switch
    {
        Verdict.OnTime => Tone.Good,
        Verdict.Missed or Verdict.Overdue => Tone.Bad,
        Verdict.Undetermined or Verdict.Late or Verdict.Early => Tone.Doubtful,
        _ => Tone.Plain,
    };

    public static Tone ToneOf(CollectionRisk risk) => risk switch
    {
        CollectionRisk.OnTrack => Tone.Good,
        CollectionRisk.Miss or CollectionRisk.Late => Tone.Bad,
        _ => Tone.Doubtful,
    };

    private static string Both(Enum value, string chinese)
    {
        var english = Words.Upper(value) is var word && word == "UNSPECIFIED" ? "UNKNOWN" : word;
        return chinese.Length == 0 ? english : $"{english} {chinese}";
    }
}
