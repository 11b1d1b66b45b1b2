using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>What one pile said last: enough of it to say what every port is doing now. Guarded by its owner.</summary>
internal sealed class PileWords
{
    private const int FaultEventsMax = 8;
    private const int WillsMax = 8;
    private readonly SortedList<int, LivePort> ports = new(0);
    private readonly SortedList<(int Port, int Code), Trail<FaultRecord>> faults = new(0);
    private readonly List<Instant> wills = new(0);

    /// <summary>Changes whenever what the ports show may do so for another reason than time.</summary>
    public int Edition { get; private set; }

    /// <summary>The port, if it ever said something.</summary>
    public LivePort? Find(int port) => ports.GetValueOrDefault(port);

    /// <summary>Takes in a status.</summary>
    public void Add(StatusRecord record)
    {
        Port(record.Port).Add(record);
        Edition++;
    }

    /// <summary>Takes in a meter sample.</summary>
    public void Add(MeterRecord record) => Port(record.Port).Add(record);

    /// <summary>Takes in a session's step.</summary>
    public void Add(SessionRecord record) => Port(record.Port).Add(record);

    /// <summary>Takes in that a fault was raised or cleared.</summary>
    public void Add(FaultRecord record)
    {
        if (record.Event == FaultEvent.Unknown)
        {
            return;
        }
        var key = (record.Port, FaultCode.Find(record.Code).Number);
        if (!faults.TryGetValue(key, out var events))
        {
            events = new Trail<FaultRecord>(FaultEventsMax, Repeats);
            faults.Add(key, events);
        }
        events.Add(record);
        Edition++;
    }

    /// <summary>Takes in that the pile was announced gone at a moment.</summary>
    public void AddWill(Instant received)
    {
        var place = wills.BinarySearch(received);
        if (place >= 0)
        {
            return;
        }
        wills.Insert(~place, received);
        if (wills.Count > WillsMax)
        {
            wills.RemoveAt(0);
        }
        Edition++;
    }

    /// <summary>The same words as the domain's functions read them.</summary>
    /// <param name="heard">When the pile was heard.</param>
    public PileHistory ToHistory(string id, IReadOnlyList<Pile> versions, IReadOnlyList<(Instant From, Instant Until)> heard)
    {
        var history = new PileHistory(id, versions);
        history.Statuses.AddRange(ports.Values.SelectMany(port => port.Statuses.Records));
        history.Faults.AddRange(faults.Values.SelectMany(events => events.Records));
        history.Wills.AddRange(wills);
        for (var i = 0; i < heard.Count; i++)
        {
            history.Silences.Add(new Silence(id, heard[i].Until, i + 1 < heard.Count ? heard[i + 1].From : null));
        }
        return history.Settle();
    }

    /// <summary>The next moment after one at which a record that came from a clock ahead of ours begins to count.</summary>
    public Instant NextAfter(Instant at)
    {
        var next = Instant.Max;
        foreach (var port in ports.Values)
        {
            next = Instant.Earlier(next, port.Statuses.NextAfter(at));
        }
        foreach (var events in faults.Values)
        {
            next = Instant.Earlier(next, events.NextAfter(at));
        }
        return next;
    }

    private LivePort Port(int number)
    {
        if (!ports.TryGetValue(number, out var port))
        {
            port = new LivePort();
            ports.Add(number, port);
        }
        return port;
    }

    private static bool Repeats(FaultRecord before, FaultRecord after) => before.Event == after.Event
        && FaultCode.SeverityOf(before.Code, before.Value) >= FaultCode.SeverityOf(after.Code, after.Value);
}
