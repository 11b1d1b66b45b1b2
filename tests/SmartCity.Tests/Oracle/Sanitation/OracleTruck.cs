namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>A usable fix, in milliseconds.</summary>
internal sealed record OracleFix(int Index, long At, double Lat, double Lon, bool Stopped);

/// <summary>Rule 5: what one truck reported, without what cannot be true.</summary>
internal sealed class OracleTruck
{
    public OracleTruck(OracleTown town, int number)
    {
        (Number, Records) = (number, OracleRecords.Of(town.Deliveries, number, town.Evaluation));
        foreach (var record in Records)
        {
            if (record.Delivery.What is Seen seen && !record.Undatable)
            {
                Take(record.At * 1000, seen);
            }
        }
    }

    public int Number { get; }

    public string Id => OracleTown.NameOf(Number);

    public IReadOnlyList<OracleRecord> Records { get; }

    public List<OracleFix> Fixes { get; } = [];

    public IEnumerable<(OracleRecord Record, Proof Proof)> Proofs =>
        Records.Where(r => r.Delivery.What is Proof).Select(r => (r, (Proof)r.Delivery.What));

    public OracleFix? After(OracleFix fix) => fix.Index + 1 < Fixes.Count ? Fixes[fix.Index + 1] : null;

    /// <summary>The fix nearest in time within a minute, the earlier on a tie.</summary>
    public OracleFix? Near(long at) => Fixes.Where(f => Math.Abs(f.At - at) <= 60_000).OrderBy(f => Math.Abs(f.At - at)).FirstOrDefault();

    private void Take(long at, Seen seen)
    {
        var before = Fixes.LastOrDefault();
        var metres = before is null ? 0 : OracleTown.Metres(before.Lat, before.Lon, seen.Lat, seen.Lon);
        var elapsed = before is null ? long.MaxValue : at - before.At;
        if (seen.Valid == false || (seen.Lat == 0 && seen.Lon == 0) || seen.AccuracyM > 100 || IsFaster(metres, elapsed, 120))
        {
            return;
        }
        var isStopped = seen.SpeedKmh is { } speed
            ? speed <= 5
            : before is not null && elapsed <= 30 * 60_000 && !IsFaster(metres, elapsed, 5);
        Fixes.Add(new OracleFix(Fixes.Count, at, seen.Lat, seen.Lon, isStopped));
    }

    private static bool IsFaster(double metres, long elapsed, double kmh) => metres * 3600 > kmh * elapsed;
}
