using System.Runtime.InteropServices;

namespace SmartCity.Domain.Telemetry;

/// <summary>Sorts what nearly is in order: the stretches that are, are found and merged, pair by pair. What is sorted already costs
/// one look at each.</summary>
public static class RunSort
{
    /// <summary>Sorts in place; equal ones keep their order.</summary>
    public static void Sort<T>(List<T> list, Comparison<T> comparison)
    {
        var edges = Edges(CollectionsMarshal.AsSpan(list), comparison);
        if (edges.Count <= 2)
        {
            return;
        }
        var buffer = new T[list.Count];
        while (edges.Count > 2)
        {
            edges = MergePairs(CollectionsMarshal.AsSpan(list), buffer, edges, comparison);
        }
    }

    /// <summary>Where ordered stretches begin, and the end of the last.</summary>
    private static List<int> Edges<T>(ReadOnlySpan<T> items, Comparison<T> comparison)
    {
        var edges = new List<int> { 0 };
        for (var i = 1; i < items.Length; i++)
        {
            if (comparison(items[i - 1], items[i]) > 0)
            {
                edges.Add(i);
            }
        }
        edges.Add(items.Length);
        return edges;
    }

    private static List<int> MergePairs<T>(Span<T> items, T[] buffer, List<int> edges, Comparison<T> comparison)
    {
        var merged = new List<int>((edges.Count / 2) + 1) { 0 };
        for (var i = 0; i + 2 < edges.Count; i += 2)
        {
            Merge(items[edges[i]..edges[i + 2]], edges[i + 1] - edges[i], buffer, comparison);
            merged.Add(edges[i + 2]);
        }
        if (merged[^1] != items.Length)
        {
            merged.Add(items.Length);
        }
        return merged;
    }

    // The first part is set aside; what is written never overtakes what is still to be read of the second.
    private static void Merge<T>(Span<T> items, int middle, T[] buffer, Comparison<T> comparison)
    {
        var first = buffer.AsSpan(0, middle);
        items[..middle].CopyTo(first);
        for (int i = 0, j = middle, to = 0; i < first.Length; to++)
        {
            items[to] = j < items.Length && comparison(items[j], first[i]) < 0 ? items[j++] : first[i++];
        }
    }
}
