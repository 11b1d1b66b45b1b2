using System.Collections.Concurrent;

namespace SmartCity.Storage.Influx;

/// <summary>A line that each database took: while it takes that once more, what it refuses is at fault and not the
/// database.</summary>
internal sealed class LastTakenLines
{
    private readonly ConcurrentDictionary<string, byte[]> lines = new();

    /// <summary>Null when it took none yet.</summary>
    public byte[]? this[string database] => lines.GetValueOrDefault(database);

    public void Take(string database, ReadOnlyMemory<byte> line) => lines[database] = line.ToArray();
}
