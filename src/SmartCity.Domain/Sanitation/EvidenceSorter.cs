using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Brings evidence into the one order in which it is judged.</summary>
internal static class EvidenceSorter
{
    /// <summary>The evidence of each truck, oldest first, each piece once, none after the evaluation.</summary>
    public static IEnumerable<TruckEvidence> Of(IReadOnlyList<EvidenceRecord> records, Instant evaluation)
    {
        var trucks = new Dictionary<string, List<EvidenceRecord>>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            if (record.Stamp.Time <= evaluation)
            {
                (trucks.TryGetValue(record.Stamp.Device, out var list) ? list : trucks[record.Stamp.Device] = []).Add(record);
            }
        }
        foreach (var (truckId, list) in trucks)
        {
            if (!IsSorted(list))
            {
                list.Sort(Compare);
            }
            var kept = 0;
            for (var i = 0; i < list.Count; i++)
            {
                if (kept == 0 || !IsCopy(list[kept - 1], list[i]))
                {
                    list[kept++] = list[i];
                }
            }
            yield return new TruckEvidence(truckId, [.. list.Take(kept)]);
        }
    }

    // The store gives them in order; equal stamps need the full comparison.
    private static bool IsSorted(List<EvidenceRecord> list)
    {
        var records = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
        for (var i = 1; i < records.Length; i++)
        {
            if (Stamp.Compare(records[i - 1].Stamp, records[i].Stamp) >= 0)
            {
                return false;
            }
        }
        return true;
    }

    // Copies differ in when they came in, and of those the first is kept.
    private static bool IsCopy(in EvidenceRecord a, in EvidenceRecord b) =>
        a.Stamp.Time == b.Stamp.Time && a.Stamp.Sequence == b.Stamp.Sequence
        && a with { Stamp = a.Stamp with { Received = b.Stamp.Received, Flags = b.Stamp.Flags } } == b;

    private static int Compare(EvidenceRecord a, EvidenceRecord b)
    {
        var order = Stamp.Compare(a.Stamp, b.Stamp);
        order = order != 0 ? order : a.Type.CompareTo(b.Type);
        order = order != 0 ? order : string.CompareOrdinal(a.Epc, b.Epc);
        order = order != 0 ? order : string.CompareOrdinal(a.PointId, b.PointId);
        order = order != 0 ? order : Nullable.Compare(a.NetKg, b.NetKg);
        order = order != 0 ? order : Nullable.Compare(a.Count, b.Count);
        order = order != 0 ? order : Nullable.Compare(a.Lat, b.Lat);
        order = order != 0 ? order : Nullable.Compare(a.Lon, b.Lon);
        order = order != 0 ? order : string.CompareOrdinal(a.CrewId, b.CrewId);
        order = order != 0 ? order : string.CompareOrdinal(a.PhotoRef, b.PhotoRef);
        return order != 0 ? order : a.Stamp.Received.CompareTo(b.Stamp.Received);
    }
}
