using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>All that one pile said that matters for an answer, in any order and any number of times.</summary>
/// <param name="id">The pile.</param>
/// <param name="versions">All its registry versions, oldest first.</param>
public sealed class PileHistory(string id, IReadOnlyList<Pile> versions)
{
    /// <summary>The pile's id.</summary>
    public string Id { get; } = id;

    /// <summary>All its registry versions, oldest first.</summary>
    public IReadOnlyList<Pile> Versions { get; } = versions;

    /// <summary>The period's statuses, and of each port (and port 0) the last one before.</summary>
    public List<StatusRecord> Statuses { get; private set; } = [];

    /// <summary>Session records: whole sessions.</summary>
    public List<SessionRecord> Sessions { get; private set; } = [];

    /// <summary>Energy samples: whole sessions.</summary>
    public List<EnergySample> Samples { get; set; } = [];

    /// <summary>Sensor samples, for faults that the server derives; empty when nobody asked for those.</summary>
    public List<SensorSample> Sensors { get; set; } = [];

    /// <summary>All fault records since ever.</summary>
    public List<FaultRecord> Faults { get; } = [];

    /// <summary>Silences that touch the period, the last one without an end.</summary>
    public List<Silence> Silences { get; } = [];

    /// <summary>When Wills (any conn that is not online) were received.</summary>
    public List<Instant> Wills { get; } = [];

    /// <summary>Takes over the emptied lists of a history that is no longer used: many piles are read one after the other, and
    /// their lists are large.</summary>
    public static PileHistory Reusing(PileHistory? used, string id, IReadOnlyList<Pile> versions)
    {
        var next = new PileHistory(id, versions);
        if (used is not null)
        {
            next.Statuses = Emptied(used.Statuses);
            next.Sessions = Emptied(used.Sessions);
        }
        return next;
    }

    /// <summary>Puts the records into their order, each once. Called by whoever filled the lists, before they are used.</summary>
    public PileHistory Settle()
    {
        RecordOrder.Settle(Statuses);
        RecordOrder.Settle(Sessions);
        RecordOrder.Settle(Samples);
        RecordOrder.Settle(Sensors);
        Wills.Sort();
        return this;
    }

    /// <summary>The place of the version that holds; -1 while the pile is not commissioned.</summary>
    public int VersionAt(Instant at)
    {
        for (var i = 0; i < Versions.Count; i++)
        {
            if (Versions[i].Validity.Contains(at))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Whether the port is commissioned in a version; ports are numbered from 1.</summary>
    public bool HasPort(int version, int port) => version >= 0 && port >= 1 && port <= Versions[version].Ports;

    private static List<T> Emptied<T>(List<T> list)
    {
        list.Clear();
        return list;
    }
}
