namespace SmartCity.Protocol.Mqtt;

/// <summary>What a device is. Numbers are fixed: the domain uses the same.</summary>
public enum UplinkKind : byte
{
    /// <summary>充电桩</summary>
    Pile = 1,

    /// <summary>清运车</summary>
    Truck = 2,

    /// <summary>收集点</summary>
    Point = 3,
}
