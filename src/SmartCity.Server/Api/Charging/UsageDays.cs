using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>
/// Remembers the figures of days that are over, compound by compound: a question about a year adds them up. They are made from
/// digests, and forgotten where a late record cut a digest back.
/// </summary>
internal sealed class UsageDays(UsageReader reader, IDigestStore store, ChargingRules rules) : IDisposable
{
    // Each about 250 bytes.
    private const int PortDaysMax = 1_000_000;

    // What is read at once to make them.
    private const int DaysAtATime = 31;

    // A digest that is cut back while its mark is read makes the mark wrong.
    private const int AttemptsMax = 3;

    private readonly SemaphoreSlim making = new(1);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Kept> kept = new(StringComparer.Ordinal);
    private int portDays;
    private int cutBacks;

    /// <summary>What compounds did on the days that begin with <paramref name="first"/>; those of which nothing is settled are left
    /// out.</summary>
    /// <param name="first">A local midnight.</param>
    /// <param name="count">How many days of 24 hours.</param>
    /// <param name="query">Who asks, and as known when.</param>
    /// <param name="zone">In which these are days.</param>
    public async Task<IReadOnlyList<SettledCompound>> ReadAsync(
        IEnumerable<WholeCompound> compounds, Instant first, int count, HistoryQuery query, TimeZoneInfo zone,
        CancellationToken cancellation)
    {
        var wanted = await WantedAsync([.. compounds], first, count, query.Evaluation, cancellation);
        if (wanted.Exists(w => w.IsMissing))
        {
            await MakeAsync(wanted.FindAll(w => w.IsMissing), first, query, zone, cancellation);
        }
        return wanted.ConvertAll(w => new SettledCompound(w.Compound, w.Days!));
    }

    public void Dispose() => making.Dispose();

    private async Task<List<Wanted>> WantedAsync(
        IReadOnlyList<WholeCompound> compounds, Instant first, int count, Instant evaluation, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var before = Volatile.Read(ref cutBacks);
            var marks = await store.ReadMarksAsync(cancellation);
            lock (gate)
            {
                // After the marks: a digest that was cut back and made again by then was told before.
                ForgetCutBack();
                if (cutBacks == before)
                {
                    return [.. Settled(compounds, marks, first, count, evaluation)];
                }
            }
        }
        return []; // Late records come all the time: what they change is read.
    }

    private IEnumerable<Wanted> Settled(
        IReadOnlyList<WholeCompound> compounds, IReadOnlyDictionary<string, DigestMark> marks, Instant first, int count,
        Instant evaluation)
    {
        foreach (var compound in compounds)
        {
            var mark = MarkOf(compound, marks, evaluation);
            if (mark >= first + PileDay.Length)
            {
                yield return WantedOf(compound, first, Math.Min(count, (int)((mark - first) / PileDay.Length)));
            }
        }
    }

    private Instant MarkOf(WholeCompound compound, IReadOnlyDictionary<string, DigestMark> marks, Instant evaluation)
    {
        var end = Instant.Max;
        foreach (var pile in compound.Piles)
        {
            var holds = marks.TryGetValue(pile.Id, out var mark) && mark.Computed <= evaluation
                && mark.Basis == DigestBasis.Of(pile.Versions, rules);
            end = holds ? Instant.Earlier(end, mark.Until) : Instant.Min;
        }
        return end;
    }

    private Wanted WantedOf(WholeCompound compound, Instant first, int count)
    {
        var stamp = compound.StampOf(rules);
        if (!kept.TryGetValue(compound.Id, out var own) || own.Stamp != stamp)
        {
            portDays -= own is null ? 0 : own.Days.Count * own.Ports;
            kept[compound.Id] = own = new Kept(
                stamp, compound.Piles.Select(pile => pile.Id).ToHashSet(StringComparer.Ordinal),
                compound.Piles.Sum(pile => pile.Versions.Max(version => version.Ports)));
        }
        var days = new SettledDay?[count];
        for (var day = 0; day < count; day++)
        {
            days[day] = own.Days.GetValueOrDefault(first + (PileDay.Length * day));
        }
        return new Wanted(compound, own, own.Cuts, days);
    }

    private async Task MakeAsync(
        List<Wanted> wanted, Instant first, HistoryQuery query, TimeZoneInfo zone, CancellationToken cancellation)
    {
        await making.WaitAsync(cancellation);
        try
        {
            var runs = StillMissing(wanted, first).SelectMany(w => w.Missing.Select(run => (run, w)));
            foreach (var same in runs.ToLookup(missing => missing.run, missing => missing.w))
            {
                var (from, until) = same.Key;
                for (var at = from; at < until; at += DaysAtATime)
                {
                    var count = Math.Min(DaysAtATime, until - at);
                    await MakeAsync([.. same], first, at, count, query, zone, cancellation);
                }
            }
        }
        finally
        {
            making.Release();
        }
    }

    // Somebody else may have made them meanwhile.
    private List<Wanted> StillMissing(List<Wanted> wanted, Instant first)
    {
        lock (gate)
        {
            foreach (var w in wanted.Where(w => w.Kept.Cuts == w.Cuts))
            {
                for (var day = 0; day < w.Days.Length; day++)
                {
                    w.Days[day] ??= w.Kept.Days.GetValueOrDefault(first + (PileDay.Length * day));
                }
            }
        }
        return wanted.FindAll(w => w.IsMissing);
    }

    private async Task MakeAsync(
        List<Wanted> wanted, Instant first, int at, int count, HistoryQuery query, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var from = first + (PileDay.Length * at);
        var until = from + (PileDay.Length * count);
        var places = new Dictionary<string, (int Compound, int Pile)>(StringComparer.Ordinal);
        var figures = wanted.ConvertAll(w => new IReadOnlyList<PileDay>[w.Compound.Piles.Count]);
        var buckets = Buckets.Of(BucketKind.Day, from, until, zone);
        var together = wanted.ConvertAll(w => new CompoundDays(w.Compound.Kinds.Count, buckets, rules));
        foreach (var (w, compound) in wanted.Select((w, i) => (w.Compound, i)))
        {
            for (var pile = 0; pile < w.Piles.Count; pile++)
            {
                places.Add(w.Piles[pile].Id, (compound, pile));
            }
        }
        var latest = await store.ReadLatestReceivedAsync(places.Keys, from, count, query.Evaluation, cancellation);
        await reader.ReadOnlyAsync(
            query with { Piles = [.. wanted.SelectMany(w => w.Compound.Piles)], From = from, Until = until },
            (pile, did) =>
            {
                var (compound, place) = places[pile.Id];
                figures[compound][place] = PileDay.Cut(did.History, did.Segments, did.Postings, did.Sessions, from, count);
                together[compound].Add(did.History, wanted[compound].Compound.Pairs[place], did.Segments);
            },
            cancellation);
        for (var compound = 0; compound < wanted.Count; compound++)
        {
            var w = wanted[compound];
            for (var day = 0; day < count; day++)
            {
                w.Days[at + day] = new SettledDay(
                    [.. figures[compound].Select(pile => pile[day])],
                    [.. Enumerable.Range(0, w.Compound.Kinds.Count).Select(kind => together[compound].Of(kind, day))],
                    [.. w.Compound.Piles.Select(pile => latest[pile.Id][day])]);
            }
        }
        Keep(wanted, first, at, count);
    }

    private void Keep(List<Wanted> wanted, Instant first, int at, int count)
    {
        lock (gate)
        {
            ForgetCutBack();
            foreach (var w in wanted)
            {
                // What was cut back since it was asked for may have been read before that.
                var holds = w.Kept.Cuts == w.Cuts && ReferenceEquals(w.Kept, kept[w.Compound.Id]);
                for (var day = at; day < at + count && holds; day++)
                {
                    portDays += w.Kept.Days.TryAdd(first + (PileDay.Length * day), w.Days[day]!) ? w.Kept.Ports : 0;
                }
            }
            while (portDays > PortDaysMax)
            {
                ForgetOldest();
            }
        }
    }

    private void ForgetCutBack()
    {
        var cutBack = store.TakeCutBack();
        if (cutBack is not { Count: 0 })
        {
            Volatile.Write(ref cutBacks, cutBacks + 1);
        }
        foreach (var own in kept.Values)
        {
            var until = cutBack is null
                ? Instant.Min
                : own.Piles.Select(pile => cutBack.GetValueOrDefault(pile, Instant.Max)).Min();
            if (until < Instant.Max)
            {
                Forget(own, until);
            }
        }
    }

    private void Forget(Kept own, Instant from)
    {
        own.Cuts++;
        foreach (var day in own.Days.Keys.Where(day => day + PileDay.Length > from).ToList())
        {
            own.Days.Remove(day);
            portDays -= own.Ports;
        }
    }

    private void ForgetOldest()
    {
        var oldest = kept.Values.SelectMany(own => own.Days.Keys).Min();
        foreach (var own in kept.Values)
        {
            portDays -= own.Days.Remove(oldest) ? own.Ports : 0;
        }
    }

    /// <summary>What is remembered of a compound.</summary>
    private sealed class Kept(string stamp, IReadOnlySet<string> piles, int ports)
    {
        public string Stamp { get; } = stamp;

        public IReadOnlySet<string> Piles { get; } = piles;

        public int Ports { get; } = ports;

        public int Cuts { get; set; }

        public Dictionary<Instant, SettledDay> Days { get; } = [];
    }

    /// <summary>The days of a compound that a question asks for; null where they are to be made.</summary>
    private sealed record Wanted(WholeCompound Compound, Kept Kept, int Cuts, SettledDay?[] Days)
    {
        public bool IsMissing => Array.Exists(Days, day => day is null);

        public IEnumerable<(int From, int Until)> Missing
        {
            get
            {
                for (var from = 0; (from = Array.FindIndex(Days, from, day => day is null)) >= 0;)
                {
                    var until = Array.FindIndex(Days, from, day => day is not null);
                    until = until < 0 ? Days.Length : until;
                    yield return (from, until);
                    from = until;
                }
            }
        }
    }
}
