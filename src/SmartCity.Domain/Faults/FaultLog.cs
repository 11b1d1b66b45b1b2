using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>A record that changed nothing: RAISED while open without being worse, or CLEARED while none was open.</summary>
public readonly record struct IgnoredFaultEvent(int Port, FaultCode Code, Severity Severity, Instant At);

/// <summary>What the fault records of one pile add up to.</summary>
/// <param name="Faults">By the moment raised.</param>
/// <param name="Ignored">Records that changed nothing, by time.</param>
public sealed record FaultLog(IReadOnlyList<Fault> Faults, IReadOnlyList<IgnoredFaultEvent> Ignored)
{
    /// <summary>Nothing happened.</summary>
    public static FaultLog Empty { get; } = new([], []);

    /// <summary>Reads all of a pile's fault records up to the evaluation, in any order and any number of times.</summary>
    public static FaultLog Of(IEnumerable<FaultRecord> records, Instant evaluation)
    {
        var settled = records.Where(r => r.Stamp.Time <= evaluation).ToList();
        if (settled.Count == 0)
        {
            return Empty;
        }
        RecordOrder.Settle(settled);
        var faults = new List<Fault>();
        var ignored = new List<IgnoredFaultEvent>();
        var open = new Dictionary<(int Port, int Code), int>();
        foreach (var record in settled)
        {
            Apply(record, faults, ignored, open);
        }
        return new FaultLog(faults, ignored);
    }

    private static void Apply(
        in FaultRecord record, List<Fault> faults, List<IgnoredFaultEvent> ignored, Dictionary<(int Port, int Code), int> open)
    {
        var code = FaultCode.Find(record.Code);
        var key = (record.Port, code.Number);
        var isOpen = open.TryGetValue(key, out var index);
        switch (record.Event)
        {
            case FaultEvent.Raised when !isOpen:
                open[key] = faults.Count;
                faults.Add(Raise(record, code));
                break;
            case FaultEvent.Raised when FaultCode.SeverityOf(record.Code, record.Value) > faults[index].Severity:
                faults[index] = Worsen(faults[index], record);
                break;
            case FaultEvent.Cleared when isOpen:
                faults[index] = faults[index] with { Cleared = record.Stamp.Time };
                open.Remove(key);
                break;
            case FaultEvent.Raised or FaultEvent.Cleared:
                ignored.Add(new(record.Port, code, FaultCode.SeverityOf(record.Code, record.Value), record.Stamp.Time));
                break;
        }
    }

    private static Fault Raise(in FaultRecord record, FaultCode code)
    {
        var severity = FaultCode.SeverityOf(record.Code, record.Value);
        var vendor = string.IsNullOrEmpty(record.VendorCode) && record.Code != code.Number
            ? record.Code.ToString(CultureInfo.InvariantCulture)
            : record.VendorCode;
        return new Fault(
            record.Stamp.Device, record.Port, code, severity, severity >= Severity.Major ? record.Stamp.Time : null,
            record.Stamp.Time, null, false, record.Value, vendor, record.Info);
    }

    private static Fault Worsen(Fault fault, in FaultRecord record)
    {
        var severity = FaultCode.SeverityOf(record.Code, record.Value);
        return fault with
        {
            Severity = severity,
            MajorSince = fault.MajorSince ?? (severity >= Severity.Major ? record.Stamp.Time : null),
            Value = record.Value,
            VendorCode = record.VendorCode ?? fault.VendorCode,
            Info = record.Info ?? fault.Info,
        };
    }
}
