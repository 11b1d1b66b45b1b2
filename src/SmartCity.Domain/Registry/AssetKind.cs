namespace SmartCity.Domain.Registry;

/// <summary>What an asset is. Numbers are those of the wire (protos/smartcity/v1/registry.proto); a test compares them.</summary>
public enum AssetKind : byte
{
    /// <summary>A district, subdistrict, compound or grid.</summary>
    Area = 1,

    /// <summary>充电桩</summary>
    Pile = 2,

    /// <summary>清运车</summary>
    Truck = 3,

    /// <summary>A tour of trucks over points.</summary>
    Route = 4,

    /// <summary>收集点</summary>
    Point = 5,

    /// <summary>A tagged bin.</summary>
    Bin = 6,

    /// <summary>A daily span in which points are to be served.</summary>
    Window = 7,

    /// <summary>A point is to be served in a window.</summary>
    Assignment = 8,
}
