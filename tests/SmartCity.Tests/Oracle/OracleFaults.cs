using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>A reported fault, [Raised, Cleared).</summary>
internal sealed record OracleFault(int Port, FaultCode Code, Severity Severity, long? MajorSince, long Raised, long? Cleared)
{
    /// <summary>The rest of a derived one, which the pile then reported.</summary>
    public bool IsTakenOver { get; init; }

    public long Visible => Raised + (long)Code.Debounce.TotalSeconds;

    public bool IsTransient => Cleared < Visible;

    /// <summary>Neither a transient nor still waiting for its debounce.</summary>
    public bool Counts(long evaluation) => (Cleared ?? evaluation) >= Visible;
}

/// <summary>Which faults a pile had, and which events changed nothing.</summary>
internal sealed class OracleFaults
{
    private readonly Dictionary<(int Port, int Code), OracleFault> open = [];

    public OracleFaults(IEnumerable<OracleRecord> ordered)
    {
        foreach (var record in ordered)
        {
            if (record.Delivery.What is Trouble trouble)
            {
                Take(record.At, trouble);
            }
        }
        All.AddRange(open.Values);
    }

    public List<OracleFault> All { get; } = [];

    public List<(int Port, int Code, long At)> Ignored { get; } = [];

    private void Take(long at, Trouble trouble)
    {
        var code = FaultCode.All.FirstOrDefault(c => c.Number == trouble.Code) ?? FaultCode.All.Single(c => c.Number == 999);
        var severity = code.Number == 102 && trouble.Value >= 80 ? Severity.Critical : code.Severity;
        var key = (trouble.Port, code.Number);
        var isOpen = open.TryGetValue(key, out var fault);
        switch (trouble.Event)
        {
            case FaultEvent.Raised when !isOpen:
                open[key] = new OracleFault(trouble.Port, code, severity, severity >= Severity.Major ? at : null, at, null);
                break;
            case FaultEvent.Raised when severity > fault!.Severity:
                open[key] = fault with
                {
                    Severity = severity,
                    MajorSince = fault.MajorSince ?? (severity >= Severity.Major ? at : null),
                };
                break;
            case FaultEvent.Cleared when isOpen:
                All.Add(fault! with { Cleared = at });
                open.Remove(key);
                break;
            case FaultEvent.Raised or FaultEvent.Cleared:
                Ignored.Add((trouble.Port, code.Number, at));
                break;
        }
    }
}
