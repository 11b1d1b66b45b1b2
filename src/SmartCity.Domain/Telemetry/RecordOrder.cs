using System.Runtime.InteropServices;

namespace SmartCity.Domain.Telemetry;

/// <summary>Puts one device's records into their one order, each once: what came in twice or late counts the same.</summary>
public static class RecordOrder
{
    /// <summary>Orders statuses by their stamps and drops repeats.</summary>
    public static void Settle(List<StatusRecord> records) => Settle(records, static (a, b) => Chain(
        a.Port.CompareTo(b.Port), a.Status.CompareTo(b.Status), string.CompareOrdinal(a.SessionId, b.SessionId),
        string.CompareOrdinal(a.VendorStatus, b.VendorStatus)));

    /// <summary>Orders energy samples by their stamps and drops repeats.</summary>
    public static void Settle(List<EnergySample> records) => Settle(records, static (a, b) => Chain(
        a.Port.CompareTo(b.Port), a.SessionEnergyWh.CompareTo(b.SessionEnergyWh),
            string.CompareOrdinal(a.SessionId, b.SessionId)));

    /// <summary>Orders session records by their stamps and drops repeats.</summary>
    public static void Settle(List<SessionRecord> records) => Settle(records, static (a, b) => Chain(
        a.Port.CompareTo(b.Port), string.CompareOrdinal(a.SessionId, b.SessionId), a.Event.CompareTo(b.Event),
        Nullable.Compare(a.StartTime, b.StartTime), Nullable.Compare(a.EndTime, b.EndTime),
        Nullable.Compare(a.EnergyWh, b.EnergyWh), Nullable.Compare(a.MaxPowerW, b.MaxPowerW),
        a.StopReason.CompareTo(b.StopReason), string.CompareOrdinal(a.VendorReason, b.VendorReason)));

    /// <summary>Orders sensor samples by their stamps and drops repeats.</summary>
    public static void Settle(List<SensorSample> records) => Settle(records, static (a, b) => Chain(
        a.Port.CompareTo(b.Port), Nullable.Compare(a.PortTempC, b.PortTempC), Nullable.Compare(a.PowerW, b.PowerW),
        Nullable.Compare(a.AmbientTempC, b.AmbientTempC)));

    /// <summary>Orders fault records by their stamps and drops repeats.</summary>
    public static void Settle(List<FaultRecord> records) => Settle(records, static (a, b) => Chain(
        a.Port.CompareTo(b.Port), a.Code.CompareTo(b.Code), a.Event.CompareTo(b.Event), Nullable.Compare(a.Value, b.Value),
        string.CompareOrdinal(a.VendorCode, b.VendorCode), string.CompareOrdinal(a.Info, b.Info)));

    /// <summary>Contents decide where two records of one number say different things, so that arrival never does.</summary>
    private static void Settle<T>(List<T> records, Comparison<T> byContent) where T : struct, ITelemetryRecord
    {
        if (IsSettled(records))
        {
            return;
        }
        RunSort.Sort(records, (a, b) => Compare(a, b, byContent) is not 0 and var order ? order
            : a.Stamp.Received.CompareTo(b.Stamp.Received));
        var kept = 0;
        for (var i = 0; i < records.Count; i++)
        {
            if (kept == 0 || Compare(records[kept - 1], records[i], byContent) != 0)
            {
                records[kept++] = records[i];
            }
        }
        records.RemoveRange(kept, records.Count - kept);
    }

    private static bool IsSettled<T>(List<T> records) where T : struct, ITelemetryRecord
    {
        var span = CollectionsMarshal.AsSpan(records);
        if (span.Length == 0)
        {
            return true;
        }
        var last = span[0].Stamp;
        for (var i = 1; i < span.Length; i++)
        {
            var next = span[i].Stamp;
            if (Stamp.Compare(last, next) >= 0)
            {
                return false;
            }
            last = next;
        }
        return true;
    }

    private static int Compare<T>(in T a, in T b, Comparison<T> byContent) where T : struct, ITelemetryRecord =>
        Stamp.Compare(a.Stamp, b.Stamp) is not 0 and var order ? order : byContent(a, b);

    private static int Chain(params ReadOnlySpan<int> orders)
    {
        foreach (var order in orders)
        {
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }
}
