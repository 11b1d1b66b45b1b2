using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Of the rows of <see cref="StoreSql.LastBefore"/> the last record of each device and port.</summary>
internal sealed class LastRecords<T>(RecordTable<T> table) where T : struct, ITelemetryRecord
{
    /// <summary>By device and port.</summary>
    public List<T> Found { get; } = [];

    /// <summary>Takes the next row.</summary>
    public void Add(RowReader row, StoreKeys keys)
    {
        var record = table.Read(StampColumns.Read(row, keys, out var port), port, row);
        if (Found.Count == 0 || Found[^1].Stamp.Device != record.Stamp.Device || table.PortOf(Found[^1]) != port)
        {
            Found.Add(record);
        }
        else if (Stamp.Compare(record.Stamp, Found[^1].Stamp) > 0)
        {
            Found[^1] = record;
        }
    }
}
