using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Energy, or a sample that could not be counted, at a moment of a port.</summary>
internal sealed record OracleEnergyAt(int Port, long At, decimal Wh, int Suspects);

/// <summary>The sessions of a pile and the energy that counts when.</summary>
internal sealed class OracleEnergy
{
    private readonly OracleWorld world;
    private readonly int pile;
    private readonly Dictionary<int, (decimal Wh, long At)> lastOutside = [];

    public OracleEnergy(OracleWorld world, int pile, IReadOnlyList<OracleRecord> ordered)
    {
        (this.world, this.pile) = (world, pile);
        Sessions =
        [
            .. ordered.Where(r => NameOf(r).Id is not null).GroupBy(NameOf)
                .Select(g => new OracleSession(g.Key.Port, g.Key.Id!, [.. g], world.MaxSessionSeconds)),
        ];
        foreach (var record in ordered)
        {
            switch (record.Delivery.What)
            {
                case Metered sample:
                    Meter(record.At, sample);
                    break;
                case Step step:
                    Account(record.At, step);
                    break;
            }
        }
    }

    public List<OracleSession> Sessions { get; }

    public List<OracleEnergyAt> Postings { get; } = [];

    private static (int Port, string? Id) NameOf(OracleRecord record) => record.Delivery.What switch
    {
        Metered sample => (sample.Port, sample.Session),
        Step step => (step.Port, step.Session),
        _ => default,
    };

    private void Meter(long at, Metered sample)
    {
        var session = sample.Session is { } id
            ? Sessions.Single(s => s.Port == sample.Port && s.Id == id)
            : LatestOf(sample.Port, at) is { } latest && latest.Runs(at) ? latest : null;
        if (session is null)
        {
            MeterOutside(at, sample);
            return;
        }
        session.Last = Math.Max(session.Last, at);
        if (session.IsSettled || sample.Wh < session.Total || sample.Wh - session.Total > Bound(session.LastCounted, at))
        {
            session.Suspects++;
            Postings.Add(new OracleEnergyAt(sample.Port, at, 0, 1));
        }
        else
        {
            Postings.Add(new OracleEnergyAt(sample.Port, at, sample.Wh - session.Total, 0));
            (session.Total, session.LastCounted) = (sample.Wh, at);
        }
    }

    /// <summary>A port charges one vehicle at a time: the session that began last is the one that may run. The order of records
    /// does not order sessions; of two that began at one moment the name decides, so that it is always the same.</summary>
    private OracleSession? LatestOf(int port, long at) => Sessions.Where(s => s.Port == port && s.Start <= at)
        .OrderBy(s => s.Start).ThenBy(s => s.Id, StringComparer.Ordinal).LastOrDefault();

    private void MeterOutside(long at, Metered sample)
    {
        if (lastOutside.TryGetValue(sample.Port, out var last) && sample.Wh >= last.Wh)
        {
            var rise = sample.Wh - last.Wh;
            if (rise > Bound(last.At, at))
            {
                Postings.Add(new OracleEnergyAt(sample.Port, at, 0, 1));
                return;
            }
            Postings.Add(new OracleEnergyAt(sample.Port, at, rise, 0));
        }
        lastOutside[sample.Port] = (sample.Wh, at);
    }

    private void Account(long at, Step step)
    {
        var session = Sessions.Single(s => s.Port == step.Port && s.Id == step.Session);
        var settles = step.Event == SessionEvent.Settled;
        session.IsSettled |= settles;
        if (step.Wh is { } total && (settles || (step.Event == SessionEvent.Ended && !session.HasSettledTotal)))
        {
            Postings.Add(new OracleEnergyAt(step.Port, at, total - session.Total, 0));
            session.Total = total;
            session.HasSettledTotal |= settles;
        }
    }

    /// <summary>While a pile is not commissioned nobody knows its rated power, so nothing is bound. A sample from before its
    /// session began had no time at all.</summary>
    private decimal Bound(long since, long at) => world.VersionAt(pile, at)?.RatedW is { } rated
        ? (1.5m * rated * Math.Max(0, at - since) / 3600) + 10
        : decimal.MaxValue;
}
