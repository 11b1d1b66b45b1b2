using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Writes and reads digests on one connection, within a transaction that the caller began.</summary>
internal sealed class DuckDbDigests(DuckDbConnection connection, StoreKeys keys, string path)
{
    // Nobody reports the start of a session that long after it.
    private static readonly TimeSpan UnstartedMax = TimeSpan.FromDays(90);

    /// <summary>Replaces what the piles' digests said from their beginning on.</summary>
    public void Write(IReadOnlyList<MarkedDigest> digests, ChargingRules rules, DigestWatch watch)
    {
        using var tables = new BatchTables(connection, path);
        var kept = new List<(int Device, MarkedDigest Digest)>();
        foreach (var digest in digests)
        {
            var device = keys.DeviceOf(DeviceKind.Pile, digest.Digest.Pile, tables);
            var right = RightUntil(device, digest, watch);
            // What a digest goes on from must still be there.
            if (right > digest.Digest.From && watch.MarkOf(device) >= digest.Digest.From.Milliseconds)
            {
                kept.Add((device, right >= digest.Digest.Until ? digest : Shortened(digest, right, rules)));
            }
        }
        if (kept.Count > 0)
        {
            Clear(kept, PileDigest.SessionReach(rules));
            var old = kept[0].Digest.Mark.Computed - UnstartedMax;
            connection.Execute($"DELETE FROM digest_unstarted WHERE start < {Text(old)}");
            watch.ForgetUnstarted(old.Milliseconds);
            kept.ForEach(pair => Append(pair.Device, pair.Digest, tables, watch));
        }
        tables.Close();
        Forget(kept.ConvertAll(pair => pair.Device));
    }

    // Up to where no record that came in meanwhile changes what it says.
    private static Instant RightUntil(int device, MarkedDigest digest, DigestWatch watch)
    {
        var earliest = watch.EarliestOf(device);
        foreach (var (port, session, start) in digest.Digest.Unstarted)
        {
            earliest = watch.HasSpoken(device, port, session) ? Math.Min(earliest, start.Milliseconds) : earliest;
        }
        return earliest == long.MaxValue ? Instant.Max : PileDigest.FloorOf(new Instant(earliest) - digest.Reach);
    }

    /// <summary>What is kept of [from, until).</summary>
    public Dictionary<string, (DigestMark, PileDigest)> Read(
        IReadOnlyCollection<string> piles, Instant from, Instant until, ChargingRules rules)
    {
        var devices = List(keys.Find(DeviceKind.Pile, piles));
        var found = new Dictionary<int, (DigestMark Mark, PileDigest Digest)>();
        foreach (var (device, mark) in Marks($"WHERE device IN ({devices})"))
        {
            var end = Instant.Earlier(mark.Until, until);
            if (end > from)
            {
                found.Add(device, (mark, new PileDigest(keys.Device(device), from, end)));
            }
        }
        var span = $"FROM {{0}} WHERE device IN ({devices}) AND ";
        ReadSegments(Table(span, "digest_segment") + $"until_time > {Text(from)} AND from_time < {Text(until)}", found);
        ReadEnergy(Table(span, "digest_energy") + $"time >= {Text(from)} AND time < {Text(until)}", found);
        ReadSessions(
            Table(span, "digest_session") + $"start >= {Text(from)} AND start < {Text(until)}", found,
            PileDigest.SessionReach(rules));
        return found.Values.ToDictionary(pair => pair.Digest.Pile, pair => pair, StringComparer.Ordinal);
    }

    /// <summary>All marks, or some.</summary>
    public IEnumerable<(int Device, DigestMark Mark)> Marks(string where = "")
    {
        using var rows = connection.Query($"SELECT device, until_time, computed, basis FROM digest_mark {where}");
        while (rows.Next())
        {
            yield return (rows.Int32(), new DigestMark(new Instant(rows.Int64()), new Instant(rows.Int64()), rows.UInt64()));
        }
    }

    // A session that spoke again after a long silence is there twice.
    private void Forget(List<int> devices) => connection.Execute(
        $"DELETE FROM digest_session o USING digest_session n WHERE o.device IN ({List(devices)}) AND n.device = o.device "
        + "AND n.port = o.port AND n.session = o.session AND n.computed > o.computed");

    private static MarkedDigest Shortened(MarkedDigest digest, Instant until, ChargingRules rules) => digest with
    {
        Digest = digest.Digest.EndingAt(until, rules),
        Mark = digest.Mark with { Until = until },
    };

    private void Clear(List<(int Device, MarkedDigest Digest)> digests, TimeSpan sessionReach)
    {
        var from = "(VALUES " + string.Join(
            ",", digests.Select(d => $"({Text(d.Device)}, {Text(d.Digest.Digest.From)})")) + ") k(device, start_time)";
        connection.Execute($"""
            UPDATE digest_segment d SET until_time = k.start_time FROM {from}
            WHERE d.device = k.device AND d.from_time < k.start_time AND d.until_time > k.start_time;
            DELETE FROM digest_segment d USING {from} WHERE d.device = k.device AND d.from_time >= k.start_time;
            DELETE FROM digest_energy d USING {from} WHERE d.device = k.device AND d.time >= k.start_time;
            DELETE FROM digest_session d USING {from}
            WHERE d.device = k.device AND d.last >= k.start_time - {Text((long)sessionReach.TotalMilliseconds)};
            DELETE FROM digest_unstarted d USING {from} WHERE d.device = k.device AND d.start >= k.start_time;
            DELETE FROM digest_mark d USING {from} WHERE d.device = k.device;
            """);
    }

    private static void Append(int device, MarkedDigest marked, BatchTables tables, DigestWatch watch)
    {
        var (digest, mark, reach) = (marked.Digest, marked.Mark, (long)marked.Reach.TotalMilliseconds);
        tables.Of("digest_mark").Add(device).Add(mark.Until.Milliseconds).Add(mark.Computed.Milliseconds).Add(mark.Basis)
            .Add(reach).End();
        foreach (var segment in digest.Segments)
        {
            tables.Of("digest_segment").Add(device).Add(segment.From.Milliseconds).Add(segment.Until.Milliseconds)
                .Add(segment.Port).Add((byte)segment.Status).Add(segment.Version).End();
        }
        foreach (var posting in digest.Energy)
        {
            tables.Of("digest_energy").Add(device).Add(posting.At.Milliseconds).Add(posting.Port).Add(posting.MicroWh)
                .Add(posting.Suspects).End();
        }
        foreach (var session in digest.Sessions)
        {
            Append(device, session, mark.Computed, tables.Of("digest_session"));
        }
        foreach (var (port, session, start) in digest.Unstarted)
        {
            tables.Of("digest_unstarted").Add(device).Add(port).Add(session).Add(start.Milliseconds).End();
            watch.AddUnstarted(device, port, session, start.Milliseconds);
        }
        watch.Mark(device, mark.Until.Milliseconds, reach);
    }

    private static void Append(int device, ChargingSession session, Instant computed, RowAppender rows) => rows
        .Add(device).Add(session.Start.Milliseconds).Add(session.Last.Milliseconds).Add(computed.Milliseconds)
        .Add(session.Port).Add(session.Id).Add(session.ChargeDone?.Milliseconds).Add(session.End?.Milliseconds)
        .Add(session.EnergyMicroWh).Add(session.MaxPowerW).Add((byte)session.StopReason).Add(session.VendorReason)
        .Add((byte)(session.Settled ? 1 : 0)).Add((byte)(session.Estimated ? 1 : 0)).Add(session.Suspects)
        .Add((byte)(session.StartReported ? 1 : 0)).End();

    private void ReadSegments(string fromWhere, Dictionary<int, (DigestMark Mark, PileDigest Digest)> into)
    {
        using var rows = connection.Query("SELECT device, from_time, until_time, port, status, version " + fromWhere);
        while (rows.Next())
        {
            if (!into.TryGetValue(rows.Int32(), out var found))
            {
                continue;
            }
            var (from, until) = (new Instant(rows.Int64()), new Instant(rows.Int64()));
            from = Instant.Later(from, found.Digest.From);
            until = Instant.Earlier(until, found.Digest.Until);
            if (until > from)
            {
                found.Digest.Segments.Add(
                    new StatusSegment(rows.Int32(), from, until, (PortStatus)rows.Byte(), rows.Int32()));
            }
        }
        foreach (var (_, digest) in into.Values)
        {
            digest.Segments.Sort(static (a, b) => a.Port != b.Port ? a.Port.CompareTo(b.Port) : a.From.CompareTo(b.From));
        }
    }

    private void ReadEnergy(string fromWhere, Dictionary<int, (DigestMark Mark, PileDigest Digest)> into)
    {
        using var rows = connection.Query("SELECT device, time, port, micro_wh, suspects " + fromWhere);
        while (rows.Next())
        {
            if (into.TryGetValue(rows.Int32(), out var found) && new Instant(rows.Int64()) is var at && at < found.Digest.Until)
            {
                found.Digest.Energy.Add(new EnergyPosting(rows.Int32(), at, rows.Int64(), rows.Int32()));
            }
        }
    }

    private void ReadSessions(string fromWhere, Dictionary<int, (DigestMark Mark, PileDigest Digest)> into, TimeSpan reach)
    {
        using var rows = connection.Query(
            "SELECT device, start, last, port, session, charge_done, end_time, micro_wh, max_power_w, stop_reason, vendor_reason, "
            + "settled, estimated, suspects, started " + fromWhere);
        while (rows.Next())
        {
            if (!into.TryGetValue(rows.Int32(), out var found))
            {
                continue;
            }
            var session = ReadSession(rows, found.Digest.Pile);
            // Below a mark that was lowered sessions are read from records.
            if (session.Last < found.Mark.Until - reach)
            {
                found.Digest.Sessions.Add(session);
            }
        }
    }

    private static ChargingSession ReadSession(RowReader rows, string pile)
    {
        var (start, last) = (new Instant(rows.Int64()), new Instant(rows.Int64()));
        var (port, id) = (rows.Int32(), rows.Text());
        var (done, end) = (InstantOrNull(rows), InstantOrNull(rows));
        return new ChargingSession(pile, port, id)
        {
            Start = start,
            Last = last,
            ChargeDone = done,
            End = end,
            EnergyMicroWh = rows.Int64(),
            MaxPowerW = rows.DoubleOrNull(),
            StopReason = (StopReason)rows.Byte(),
            VendorReason = rows.TextOrNull(),
            Settled = rows.Byte() != 0,
            Estimated = rows.Byte() != 0,
            Suspects = rows.Int32(),
            StartReported = rows.Byte() != 0,
        };
    }

    private static Instant? InstantOrNull(RowReader rows) => rows.Int64OrNull() is { } time ? new Instant(time) : null;

    private static string Table(string span, string table) => string.Format(CultureInfo.InvariantCulture, span, table);

    private static string List(IEnumerable<int> devices) => string.Join(",", devices.Select(Text).DefaultIfEmpty("-1"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(Instant instant) => Text(instant.Milliseconds);

    private static string Text(long number) => string.Create(CultureInfo.InvariantCulture, $"{number}::BIGINT");
}
