using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Turns conditions into RAISED and CLEARED, each once per change.</summary>
internal sealed class DerivedEvents(LastMeasured measured)
{
    private readonly Dictionary<(int Port, int Code), (Severity Severity, Instant Since)> open = [];

    public List<FaultRecord> Records { get; } = [];

    /// <summary>A condition that a sample tells. A fault that was not measured for too long before it has ended.</summary>
    public void Measure(in Stamp stamp, int port, int code, double? value, bool holds, bool ends)
    {
        // Nearly every sample of a month says that all is well where all was well.
        if (!holds && open.Count == 0)
        {
            return;
        }
        EndUnmeasured(port, code, stamp.Time);
        measured.Note(port, code, stamp);
        // What takes a while to be over is for what has become a fault. Until then a single sample that does not hold ends it.
        var isPending = open.TryGetValue((port, code), out var known)
            && stamp.Time < known.Since + FaultCode.Find(code).Debounce;
        Note(stamp, port, code, value, holds, ends || (isPending && !holds));
    }

    /// <param name="holds">The condition is there; raises, and raises again when it got worse.</param>
    /// <param name="ends">The condition is surely gone. Between the two nothing changes.</param>
    public void Note(in Stamp stamp, int port, int code, double? value, bool holds, bool ends)
    {
        var isOpen = open.TryGetValue((port, code), out var known);
        if (holds && FaultCode.SeverityOf(code, value) is var severity && (!isOpen || severity > known.Severity))
        {
            open[(port, code)] = (severity, isOpen ? known.Since : stamp.Time);
            Records.Add(new FaultRecord(stamp, port, code, FaultEvent.Raised, value, null, null));
        }
        else if (ends && isOpen)
        {
            open.Remove((port, code));
            Records.Add(new FaultRecord(stamp, port, code, FaultEvent.Cleared, value, null, null));
        }
    }

    /// <summary>Ends what was not measured for too long before a moment.</summary>
    public void EndUnmeasured(Instant before)
    {
        foreach (var (port, code) in open.Keys.ToList())
        {
            EndUnmeasured(port, code, before);
        }
    }

    private void EndUnmeasured(int port, int code, Instant before)
    {
        if (open.ContainsKey((port, code)) && measured.EndOf(port, code) is { } end && end.Time < before)
        {
            Note(end, port, code, null, false, true);
        }
    }
}
