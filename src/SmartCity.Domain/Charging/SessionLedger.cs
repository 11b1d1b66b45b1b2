using System.Runtime.InteropServices;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// Reads the sessions of a pile and the energy that counts at each moment. Made once and used for many piles: what it
/// gives is valid until the next <see cref="Read"/>.
/// </summary>
public sealed class SessionLedger(ChargingRules rules)
{
    private const int None = -1;
    private readonly Dictionary<(int Port, string Id), int> index = [];
    private readonly List<SessionDraft> drafts = [];
    private readonly List<int> draftOfSample = [];
    private readonly List<EnergyPosting> postings = [];
    private readonly List<ChargingSession> sessions = [];

    /// <summary>What counts when, in time order.</summary>
    public List<EnergyPosting> Postings => postings;

    /// <summary>The sessions, by start.</summary>
    public List<ChargingSession> Sessions => sessions;

    /// <summary>The first sample that did not say which session it belongs to; null without any. From there on, what later
    /// records say of sessions changes what earlier samples mean.</summary>
    public Instant? FirstNameless { get; private set; }

    /// <summary>Watt-hours in millionths, which add up exactly.</summary>
    public static long MicroWh(double wattHours) => (long)Math.Round(wattHours * 1e6);

    /// <summary>Reads a settled history. Records after the evaluation do not exist.</summary>
    public void Read(PileHistory history, Instant evaluation)
    {
        index.Clear();
        drafts.Clear();
        draftOfSample.Clear();
        postings.Clear();
        sessions.Clear();
        FirstNameless = null;
        Name(history, evaluation);
        Count(history, evaluation);
        foreach (var draft in drafts)
        {
            sessions.Add(draft.Finish(history.Id, rules.MaxSession, evaluation));
        }
        sessions.Sort(static (a, b) => Order(a.Start, b.Start, a.Port, b.Port, a.Id, b.Id));
    }

    /// <summary>First pass: which sessions there are, when they start and end.</summary>
    private void Name(PileHistory history, Instant evaluation)
    {
        foreach (ref readonly var record in CollectionsMarshal.AsSpan(history.Sessions))
        {
            if (record.Stamp.Time <= evaluation)
            {
                drafts[Find(record.Port, record.SessionId)].Describe(record);
            }
        }
        var latest = new int[history.Versions.Max(v => v.Ports) + 1];
        Array.Fill(latest, None);
        foreach (ref readonly var sample in CollectionsMarshal.AsSpan(history.Samples))
        {
            if (string.IsNullOrEmpty(sample.SessionId))
            {
                FirstNameless ??= sample.Stamp.Time;
                draftOfSample.Add(None);
                continue;
            }
            if (sample.Stamp.Time > evaluation)
            {
                draftOfSample.Add(None);
                continue;
            }
            var found = sample.Port < latest.Length ? latest[sample.Port] : None;
            if (found == None || drafts[found].Id != sample.SessionId)
            {
                found = Find(sample.Port, sample.SessionId);
            }
            if (sample.Port < latest.Length)
            {
                latest[sample.Port] = found;
            }
            drafts[found].Touch(sample.Stamp.Time);
            draftOfSample.Add(found);
        }
    }

    private int Find(int port, string id)
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(index, (port, id), out var exists);
        if (!exists)
        {
            found = drafts.Count;
            drafts.Add(new SessionDraft(port, id));
        }
        return found;
    }

    /// <summary>Second pass, in time order: what each record adds.</summary>
    private void Count(PileHistory history, Instant evaluation)
    {
        var nameless = FirstNameless is not null ? new NamelessSamples(drafts, rules.MaxSession) : null;
        var bound = new RiseBound(history, rules);
        var records = CollectionsMarshal.AsSpan(history.Sessions);
        var samples = CollectionsMarshal.AsSpan(history.Samples);
        for (int r = 0, s = 0; r < records.Length || s < samples.Length;)
        {
            var takeRecord = s == samples.Length
                || (r < records.Length && Stamp.Compare(records[r].Stamp, samples[s].Stamp) < 0);
            if ((takeRecord ? records[r].Stamp.Time : samples[s].Stamp.Time) > evaluation)
            {
                break;
            }
            if (takeRecord)
            {
                Settle(records[r++]);
            }
            else
            {
                Count(samples[s], draftOfSample[s++], nameless, ref bound);
            }
        }
    }

    private void Settle(in SessionRecord record)
    {
        var change = drafts[index[(record.Port, record.SessionId)]].Settle(record);
        Post(record.Port, record.Stamp.Time, change);
    }

    private void Count(in EnergySample sample, int found, NamelessSamples? nameless, ref RiseBound bound)
    {
        var at = sample.Stamp.Time;
        var draft = found != None ? drafts[found] : nameless!.SessionAt(sample.Port, at);
        var value = MicroWh(sample.SessionEnergyWh);
        if (draft is null)
        {
            CountOutside(sample.Port, at, value, nameless!, ref bound);
            return;
        }
        draft.Touch(at);
        var rise = value - draft.Total;
        if (draft.IsSettled || rise < 0 || rise > bound.Max(draft.LastCounted ?? draft.Start, at))
        {
            draft.Suspects++;
            postings.Add(new EnergyPosting(sample.Port, at, 0, 1));
            return;
        }
        draft.Count(value, at);
        Post(sample.Port, at, rise);
    }

    /// <summary>Nobody says whose energy this is, but it flowed: rises count, falls begin anew.</summary>
    private void CountOutside(int port, Instant at, long value, NamelessSamples nameless, ref RiseBound bound)
    {
        if (nameless.LastOutside(port) is { } last && value >= last.Value)
        {
            if (value - last.Value > bound.Max(last.At, at))
            {
                postings.Add(new EnergyPosting(port, at, 0, 1));
                return;
            }
            Post(port, at, value - last.Value);
        }
        nameless.CountOutside(port, at, value);
    }

    private void Post(int port, Instant at, long change)
    {
        if (change != 0)
        {
            postings.Add(new EnergyPosting(port, at, change, 0));
        }
    }

    internal static int Order(Instant startA, Instant startB, int portA, int portB, string idA, string idB)
    {
        var order = startA.CompareTo(startB);
        order = order != 0 ? order : portA.CompareTo(portB);
        return order != 0 ? order : string.CompareOrdinal(idA, idB);
    }
}
