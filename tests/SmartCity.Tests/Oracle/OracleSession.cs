using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>A session: what its records, in order, say of it.</summary>
internal sealed class OracleSession
{
    private readonly long maxSeconds;

    public OracleSession(int port, string id, List<OracleRecord> records, long maxSeconds)
    {
        (Port, Id, Last) = (port, id, records.Max(r => r.At));
        this.maxSeconds = maxSeconds;
        var steps = records.Where(r => r.Delivery.What is Step)
            .Select(r => (r.At, r.Refused, Step: (Step)r.Delivery.What)).ToList();
        // Several that say the same thing at different times: the earliest. Min of none is null.
        long? At(SessionEvent step) => steps.Where(s => s.Step.Event == step).Min(s => (long?)s.At);
        // A clock that is refused dates nothing, so neither the times inside its records.
        long? Given(Func<Step, long?> time) => steps.Where(s => !s.Refused).Min(s => time(s.Step));
        Start = At(SessionEvent.Started) ?? Given(s => s.Start) ?? records.Min(r => r.At);
        End = At(SessionEvent.Ended) ?? Given(s => s.End) ?? At(SessionEvent.Unplugged) ?? At(SessionEvent.Settled);
        LastCounted = Start;
    }

    public int Port { get; }

    public string Id { get; }

    public long Start { get; }

    /// <summary>What the pile says; null when it never did.</summary>
    public long? End { get; }

    /// <summary>Its last record; samples without a name are its records too, once they are known to be.</summary>
    public long Last { get; set; }

    /// <summary>When the server closes it if the pile does not say that it ended.</summary>
    public long Closes => Last + maxSeconds;

    public decimal Total { get; set; }

    public long LastCounted { get; set; }

    public bool IsSettled { get; set; }

    public bool HasSettledTotal { get; set; }

    public int Suspects { get; set; }

    /// <summary>A counter is read for the last time at the very end; a session that the server closes is over then.</summary>
    public bool Runs(long second) => second >= Start && (End is { } end ? second <= end : second < Closes);
}
