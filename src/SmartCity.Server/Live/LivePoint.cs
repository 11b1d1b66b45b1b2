using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>The live state of one collection point: its bins.</summary>
internal sealed class LivePoint(string id) : LiveDevice(id)
{
    private const int BinsMax = 64;
    private const int ReportsMax = 2;
    private readonly SortedList<string, Trail<BinRecord>> bins = new(0, StringComparer.Ordinal);
    private PointState state = new(id, [], null, null, 0);

    /// <summary>The state at an instant.</summary>
    public PointState Read(Instant now, ChangeCounter changes)
    {
        lock (Gate)
        {
            Refresh(now, changes);
            return state;
        }
    }

    protected override void Take(TelemetryMessage message)
    {
        switch (message)
        {
            case TelemetryMessage<BinRecord> report:
                TakeAll(report, Add);
                break;
            case TelemetryMessage<ConnRecord> conn:
                TakeConnections(conn, _ => { });
                break;
        }
    }

    protected override Instant Evaluate(Instant now, ChangeCounter changes)
    {
        var shown = bins.Values.Select(reports => reports.At(now)).OfType<BinRecord>().ToList();
        var version = shown.SequenceEqual(state.Bins) ? state.Version : changes.Next();
        state = new PointState(Id, shown, Heard.LastAt(now), LatestReceived, version);
        return bins.Values.Aggregate(Instant.Max, (next, reports) => Instant.Earlier(next, reports.NextAfter(now)));
    }

    private void Add(BinRecord record)
    {
        var bin = record.BinId ?? "";
        if (!bins.TryGetValue(bin, out var reports))
        {
            if (bins.Count == BinsMax)
            {
                return; // A point has a handful of bins; names beyond that are a device gone wild, and kept in the store.
            }
            reports = new Trail<BinRecord>(ReportsMax, (_, _) => false);
            bins.Add(bin, reports);
        }
        reports.Add(record);
    }
}
